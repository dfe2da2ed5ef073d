package io.gatehouse.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** An archive of plain files in POSIX's format ustar (pax, "ustar Interchange Format"). The same files always make the same bytes. */
final class TarArchive {

    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*(?:[./][a-z0-9][a-z0-9-]*)*");

    private TarArchive() {
    }

    /** @throws IllegalArgumentException if a name is not a path of small letters, digits, hyphens and single dots and slashes */
    static byte[] of(SortedMap<String, String> files) {
        var archive = new ByteArrayOutputStream();
        for (Map.Entry<String, String> file : files.entrySet()) {
            var content = file.getValue().getBytes(StandardCharsets.UTF_8);
            archive.writeBytes(header(file.getKey(), content.length));
            archive.writeBytes(content);
            archive.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
        }
        archive.writeBytes(new byte[2 * BLOCK]);
        return archive.toByteArray();
    }

    private static byte[] header(String name, int size) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("This is no name of a file in an archive: " + name);
        }
        var header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, "%011o\0".formatted(size));
        put(header, 136, "%011o\0".formatted(0));
        Arrays.fill(header, 148, 156, (byte) ' ');
        header[156] = '0';
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, "%06o\0 ".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
