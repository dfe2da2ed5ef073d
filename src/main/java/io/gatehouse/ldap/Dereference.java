package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1Element;
import com.unboundid.asn1.ASN1Exception;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.AttributeType;
import io.gatehouse.directory.BerWriter;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Dn;
import io.gatehouse.directory.Entry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The dereference control (draft-masarati-ldap-deref): with a group come the entries of its members, so that a client need
 * not ask for each.
 */
final class Dereference {

    private static final byte ATTRIBUTE_VALUES = (byte) 0xa0;

    private record Specification(AttributeType reference, AttributeSelection selection) {
    }

    private final DirectoryLayout layout;
    private final List<Specification> specifications;

    private Dereference(DirectoryLayout layout, List<Specification> specifications) {
        this.layout = layout;
        this.specifications = specifications;
    }

    /** Null if the request has no such control. */
    static Dereference of(RequestControls controls, DirectoryLayout layout) {
        return controls.get(RequestControls.DEREFERENCE, control -> {
            try {
                var specifications = new ArrayList<Specification>();
                for (var element : ASN1Sequence.decodeAsSequence(control.getValue().getValue()).elements()) {
                    var parts = ASN1Sequence.decodeAsSequence(element).elements();
                    specifications.add(specification(parts, layout));
                }
                return new Dereference(layout, specifications);
            } catch (ASN1Exception | ArrayIndexOutOfBoundsException | NullPointerException e) {
                throw new LDAPException(ResultCode.PROTOCOL_ERROR, "not a DerefSpec", e);
            }
        });
    }

    private static Specification specification(ASN1Element[] parts, DirectoryLayout layout) throws ASN1Exception {
        var reference = layout.schema().find(ASN1OctetString.decodeAsOctetString(parts[0]).stringValue());
        if (reference == null || !reference.isDistinguishedName()) {
            throw new Refusal(ResultCode.PROTOCOL_ERROR, "Only an attribute with names for values can be dereferenced.");
        }
        var attributes = new ArrayList<String>();
        for (var attribute : ASN1Sequence.decodeAsSequence(parts[1]).elements()) {
            attributes.add(ASN1OctetString.decodeAsOctetString(attribute).stringValue());
        }
        return new Specification(reference, new AttributeSelection(attributes, layout));
    }

    /** The response control for an entry, or null if nothing in it refers to a visible entry. */
    byte[] control(DirectoryView view, Entry entry) {
        var results = new BerWriter(1024);
        for (var specification : specifications) {
            if (view.shows(entry, specification.reference())) {
                for (var value : view.values(entry, specification.reference())) {
                    append(results, view, specification, value);
                }
            }
        }
        if (results.length() == 0) {
            return null;
        }
        var value = new BerWriter(results.length() + 8)
                .header(BerWriter.SEQUENCE, results.length()).raw(results.buffer(), 0, results.length()).toByteArray();
        int length = BerWriter.elementLength(RequestControls.DEREFERENCE.length()) + BerWriter.elementLength(value.length);
        return new BerWriter(length + 8).header(BerWriter.SEQUENCE, length)
                .octetString(RequestControls.DEREFERENCE).octetString(value).toByteArray();
    }

    private void append(BerWriter results, DirectoryView view, Specification specification, byte[] value) {
        var result = new BerWriter(256).octetString(specification.reference().name()).octetString(value);
        var referred = view.find(Dn.parse(new String(value, StandardCharsets.UTF_8), layout.schema()));
        if (referred != null) {
            specification.selection().write(result, ATTRIBUTE_VALUES, view, referred, false);
        }
        results.header(BerWriter.SEQUENCE, result.length()).raw(result.buffer(), 0, result.length());
    }
}
