package io.gatehouse.directory;

import com.unboundid.util.StaticUtils;
import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;

/** The GeneralizedTime syntax (RFC 4517 section 3.3.13), written in UTC with whole seconds. */
final class GeneralizedTime {

    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final Pattern SYNTAX = Pattern.compile("[0-9]{10}([0-9]{2}){0,2}([.,][0-9]{1,9})?(Z|[+-][0-9]{2}([0-9]{2})?)");

    private GeneralizedTime() {
    }

    static String format(Instant instant) {
        return FORMAT.format(instant);
    }

    /** The instant, or null if the text is not of this syntax. */
    static Instant parse(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            return null;
        }
        try {
            return StaticUtils.decodeGeneralizedTime(text.replace(',', '.')).toInstant();
        } catch (ParseException e) {
            return null;
        }
    }
}
