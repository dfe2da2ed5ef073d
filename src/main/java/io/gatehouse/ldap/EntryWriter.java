package io.gatehouse.ldap;

import io.gatehouse.directory.BerWriter;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Entry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes the search result entries of one connection (RFC 4511 section 4.5.2). */
final class EntryWriter {

    private static final byte SEARCH_RESULT_ENTRY = 0x64;
    private static final byte CONTROLS = (byte) 0xa0;

    private final ResponseStream responses;
    private final DirectoryLayout layout;
    private final BerWriter body = new BerWriter(1024);
    private AttributeSelection selection;
    private DirectoryView view;
    private Dereference dereference;
    private int messageId;
    private int written;

    EntryWriter(ResponseStream responses, DirectoryLayout layout) {
        this.responses = responses;
        this.layout = layout;
    }

    void setMessageId(int id) {
        messageId = id;
        written = 0;
    }

    /** How many entries the present message got. */
    int written() {
        return written;
    }

    /** @param dereferencing null without that control */
    void begin(DirectoryView reading, Dereference dereferencing) {
        view = reading;
        dereference = dereferencing;
    }

    void write(Entry entry, List<String> attributes, boolean typesOnly) {
        body.clear();
        body.raw(entry.encoded(), 0, entry.attributesOffset());
        selection(attributes).write(body, BerWriter.SEQUENCE, view, entry, typesOnly);
        send(dereference == null ? null : dereference.control(view, entry));
    }

    /** An entry that is not part of the tree. */
    void write(com.unboundid.ldap.sdk.Entry entry, List<String> attributes, boolean typesOnly) {
        var list = new BerWriter(4096);
        for (var attribute : entry.getAttributes()) {
            var type = layout.schema().find(attribute.getName());
            if (type != null && selection(attributes).takes(type)) {
                list.attribute(attribute.getName(), typesOnly ? List.of() : List.of(attribute.getValueByteArrays()));
            }
        }
        body.clear();
        body.octetString(entry.getDN()).header(BerWriter.SEQUENCE, list.length()).raw(list.buffer(), 0, list.length());
        send(null);
    }

    private void send(byte[] control) {
        written++;
        int operation = BerWriter.elementLength(body.length());
        int controls = control == null ? 0 : BerWriter.elementLength(control.length);
        int id = BerWriter.integerLength(messageId);
        var target = responses.held();
        target.header(BerWriter.SEQUENCE, id + operation + controls).integer(messageId)
                .header(SEARCH_RESULT_ENTRY, body.length()).raw(body.buffer(), 0, body.length());
        if (control != null) {
            target.header(CONTROLS, control.length).raw(control, 0, control.length);
        }
        try {
            responses.afterAppend();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AttributeSelection selection(List<String> attributes) {
        if (selection == null || !selection.isFor(attributes)) {
            selection = new AttributeSelection(attributes, layout);
        }
        return selection;
    }
}
