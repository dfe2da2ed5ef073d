package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Entry;

/** The assertion control (RFC 4528): the operation goes on only if a filter is true for its target. */
final class AssertedFilter {

    private AssertedFilter() {
    }

    static void require(RequestControls controls, DirectoryView view, Entry target) {
        var assertion = controls.get(RequestControls.ASSERTION, AssertionRequestControl::new);
        if (assertion != null && !view.matches(target, assertion.getFilter())) {
            throw new Refusal(ResultCode.ASSERTION_FAILED, "The asserted filter is not true for this entry.");
        }
    }
}
