package io.gatehouse.ldap;

import com.unboundid.ldap.protocol.CompareRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.DirectoryLayout;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** Compare (RFC 4511 section 4.10). */
@Singleton
final class CompareOperation {

    private static final Set<String> CONTROLS = Set.of(RequestControls.ASSERTION, RequestControls.MANAGE_DSA_IT);

    private final Names names;
    private final DirectoryLayout layout;

    CompareOperation(Names names, DirectoryLayout layout) {
        this.names = names;
        this.layout = layout;
    }

    Answer process(Session session, CompareRequestProtocolOp request, List<Control> requestControls) {
        var controls = RequestControls.check(requestControls, CONTROLS);
        var view = session.view();
        if (view.isAnonymous()) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "Bind first.");
        }
        var dn = names.parse(request.getDN());
        var entry = view.find(dn);
        if (entry == null) {
            return Answer.noSuchObject(view.matchedDn(dn));
        }
        AssertedFilter.require(controls, view, entry);
        var type = layout.schema().find(request.getAttributeName());
        if (type == null) {
            throw new Refusal(ResultCode.UNDEFINED_ATTRIBUTE_TYPE, "The schema does not know this attribute.");
        }
        if (type.name().equals("userPassword") || !view.shows(entry, type)) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, type + " of this entry cannot be compared.");
        }
        if (!type.allowsEquality()) {
            throw new Refusal(ResultCode.INAPPROPRIATE_MATCHING, type + " has no equality rule.");
        }
        if (!type.isValid(request.getAssertionValue().getValue())) {
            throw new Refusal(ResultCode.INVALID_ATTRIBUTE_SYNTAX, "The value is not of " + type + "'s syntax.");
        }
        if (!view.matches(entry, Filter.createPresenceFilter(type.name()))) {
            throw new Refusal(ResultCode.NO_SUCH_ATTRIBUTE, "The entry has no " + type + ".");
        }
        boolean equal = view.matches(entry, Filter.createEqualityFilter(type.name(), request.getAssertionValue().getValue()));
        return Answer.of(equal ? ResultCode.COMPARE_TRUE : ResultCode.COMPARE_FALSE, null);
    }
}
