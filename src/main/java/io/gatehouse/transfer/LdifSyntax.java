package io.gatehouse.transfer;

import com.unboundid.ldap.sdk.DN;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;

/** Looks through LDIF (RFC 2849) before it is read: every line that is none is refused, with its number and the rule. */
final class LdifSyntax {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.;_-]*");
    private static final String DN_NAME = "dn";

    private final Path file;
    private final Newcomers newcomers;
    private boolean begun;
    private boolean wellFormed = true;

    private LdifSyntax(Path file, Newcomers newcomers) {
        this.file = file;
        this.newcomers = newcomers;
    }

    /**
     * @return whether nothing was refused
     * @throws Refused if a value shall be read from elsewhere, which whoever reads the file would do
     */
    static boolean check(Path file, Newcomers newcomers) throws IOException {
        return new LdifSyntax(file, newcomers).check();
    }

    private boolean check() throws IOException {
        try (var lines = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            StringBuilder whole = null;
            int began = 0;
            int number = 0;
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (line.startsWith(" ")) {
                    if (whole == null) {
                        refuse(number, "It begins with a blank and so goes on from the line before, and there is none.");
                    } else {
                        whole.append(line, 1, line.length());
                    }
                    continue;
                }
                ended(whole, began);
                begun &= !line.isEmpty();
                whole = line.isEmpty() ? null : new StringBuilder(line);
                began = number;
            }
            ended(whole, began);
        }
        return wellFormed;
    }

    private void ended(StringBuilder whole, int number) {
        if (whole == null || whole.charAt(0) == '#') {
            return;
        }
        int colon = whole.indexOf(":");
        if (colon < 0 || !NAME.matcher(whole.substring(0, colon)).matches()) {
            refuse(number, "It is neither 'name: value' nor 'name:: value in Base64'.");
            begun = true;
            return;
        }
        var name = whole.substring(0, colon);
        if (!begun && !name.equalsIgnoreCase("version")) {
            if (!name.equalsIgnoreCase(DN_NAME)) {
                refuse(number, name + ": An entry begins with its dn.");
            }
            begun = true;
        }
        var kind = colon + 1 < whole.length() ? whole.charAt(colon + 1) : ' ';
        switch (kind) {
            case '<' -> throw new Refused(file + " line:" + number + " has a value that shall be read from another file (:<), which is not done here.");
            case ':' -> checkBase64(name, whole.substring(colon + 2).strip(), number);
            default -> checkText(name, whole.substring(colon + 1), number);
        }
    }

    private void checkBase64(String name, String value, int number) {
        try {
            Base64.getDecoder().decode(value);
        } catch (IllegalArgumentException e) {
            refuse(number, name + ": The value is no Base64.");
        }
    }

    private void checkText(String name, String value, int number) {
        if (value.endsWith(" ") && !value.isBlank()) {
            refuse(number, name + ": The value ends with a blank, which must be written in Base64 (" + name + "::).");
        } else if (name.equalsIgnoreCase(DN_NAME) && !DN.isValidDN(value.strip())) {
            refuse(number, name + ": This is no distinguished name.");
        }
    }

    private void refuse(int number, String why) {
        wellFormed = false;
        newcomers.refuse("line:" + number, why);
    }
}
