package io.gatehouse.ldap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Broken variations of well-formed messages. The same seed and index give the same bytes. */
final class MessageMutator {

    private static final int[] CURIOUS_OCTETS = {0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x88, 0xfe, 0xff};
    private static final int[] CURIOUS_TAGS =
            {0x00, 0x01, 0x02, 0x04, 0x05, 0x0a, 0x1f, 0x24, 0x30, 0x31, 0x42, 0x50, 0x60, 0x63, 0x65, 0x77, 0x78, 0x7f,
                    0x80, 0x87, 0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa7, 0xa8, 0xa9, 0xaa, 0xbf, 0xff};
    private static final byte[][] CURIOUS_VALUES = {
            {}, {0}, {-1}, {(byte) 0x80, 0, 0, 0}, {0x7f, -1, -1, -1}, {-1, -1, -1, -1, -1, -1, -1, -1, -1},
            {(byte) 0xc3, 0x28}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}, {'\\'}, {'\\', '0'}, {',', ',', '='}, {'*'}, {';', ';'},
            {'c', 'n', '=', '#', '0', '4', '8', '4'}, "9".repeat(400).getBytes(), "a,".repeat(300).getBytes()};

    private final long seed;
    private final List<byte[]> messages;

    MessageMutator(long seed, List<byte[]> messages) {
        this.seed = seed;
        this.messages = messages;
    }

    /** Anything, framing included. */
    byte[] broken(int index) {
        SplittableRandom random = random(index);
        byte[] message = pick(random).clone();
        return switch (random.nextInt(12)) {
            case 0 -> Arrays.copyOf(message, random.nextInt(message.length));
            case 1 -> bitsFlipped(message, random);
            case 2 -> overwritten(message, random);
            case 3 -> inserted(message, random);
            case 4 -> removed(message, random);
            case 5 -> spliced(message, pick(random), random);
            case 6 -> withCuriousOctet(message, random);
            case 7 -> noise(1 + random.nextInt(400), random);
            case 8 -> HostileBer.element(HostileBer.SEQUENCE, noise(random.nextInt(100), random));
            default -> distorted(message, random, 1 + random.nextInt(3));
        };
    }

    /** Correctly framed messages of the same operation, with values that it did not expect. */
    byte[] distorted(int index) {
        SplittableRandom random = random(index);
        Element message = Element.parse(pick(random));
        for (int times = random.nextInt(3); times >= 0; times--) {
            List<Element> values = message.children.stream().skip(1).flatMap(it -> it.primitives().stream()).toList();
            if (!values.isEmpty()) {
                values.get(random.nextInt(values.size())).value = curiousValue(random);
            }
        }
        return message.encoded();
    }

    private SplittableRandom random(int index) {
        return new SplittableRandom(seed + index);
    }

    private byte[] pick(SplittableRandom random) {
        return messages.get(random.nextInt(messages.size()));
    }

    private static byte[] distorted(byte[] message, SplittableRandom random, int times) {
        Element root = Element.parse(message);
        for (int i = 0; i < times; i++) {
            List<Element> all = root.all();
            Element victim = all.get(random.nextInt(all.size()));
            switch (random.nextInt(5)) {
                case 0 -> victim.tag = CURIOUS_TAGS[random.nextInt(CURIOUS_TAGS.length)];
                case 1 -> victim.replaceWith(curiousValue(random));
                case 2 -> victim.replaceWith(noise(random.nextInt(40), random));
                case 3 -> victim.repeatOneChild(random);
                default -> victim.dropOneChild(random);
            }
        }
        return root.encoded();
    }

    private static byte[] curiousValue(SplittableRandom random) {
        return CURIOUS_VALUES[random.nextInt(CURIOUS_VALUES.length)];
    }

    private static byte[] bitsFlipped(byte[] message, SplittableRandom random) {
        for (int flips = 1 + random.nextInt(8); flips > 0; flips--) {
            message[random.nextInt(message.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return message;
    }

    private static byte[] overwritten(byte[] message, SplittableRandom random) {
        int from = random.nextInt(message.length);
        byte[] noise = noise(Math.min(1 + random.nextInt(16), message.length - from), random);
        System.arraycopy(noise, 0, message, from, noise.length);
        return message;
    }

    private static byte[] inserted(byte[] message, SplittableRandom random) {
        int at = random.nextInt(message.length);
        return HostileBer.concatenated(
                Arrays.copyOf(message, at), noise(1 + random.nextInt(16), random), Arrays.copyOfRange(message, at, message.length));
    }

    private static byte[] removed(byte[] message, SplittableRandom random) {
        int from = random.nextInt(message.length);
        int to = Math.min(message.length, from + 1 + random.nextInt(16));
        return HostileBer.concatenated(Arrays.copyOf(message, from), Arrays.copyOfRange(message, to, message.length));
    }

    private static byte[] spliced(byte[] message, byte[] other, SplittableRandom random) {
        int from = random.nextInt(other.length);
        return HostileBer.concatenated(
                Arrays.copyOf(message, random.nextInt(message.length)), Arrays.copyOfRange(other, from, other.length));
    }

    private static byte[] withCuriousOctet(byte[] message, SplittableRandom random) {
        message[random.nextInt(Math.min(message.length, 24))] = (byte) CURIOUS_OCTETS[random.nextInt(CURIOUS_OCTETS.length)];
        return message;
    }

    private static byte[] noise(int length, SplittableRandom random) {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return noise;
    }

    /** A mutable BER element; what is constructed by its tag has children, all else a value. */
    private static final class Element {
        private int tag;
        private byte[] value;
        private List<Element> children;

        static Element parse(byte[] encoded) {
            return parseAll(encoded).getFirst();
        }

        private static List<Element> parseAll(byte[] encoded) {
            List<Element> elements = new ArrayList<>();
            for (int at = 0; at < encoded.length;) {
                Element element = new Element();
                element.tag = encoded[at] & 0xff;
                int length = encoded[at + 1] & 0xff;
                int start = at + 2;
                if (length >= 0x80) {
                    int octets = length & 0x7f;
                    length = 0;
                    for (int i = 0; i < octets; i++) {
                        length = length << 8 | encoded[start++] & 0xff;
                    }
                }
                byte[] contents = Arrays.copyOfRange(encoded, start, start + length);
                if ((element.tag & 0x20) != 0) {
                    element.children = parseAll(contents);
                } else {
                    element.value = contents;
                }
                elements.add(element);
                at = start + length;
            }
            return elements;
        }

        List<Element> all() {
            List<Element> all = new ArrayList<>(List.of(this));
            if (children != null) {
                children.forEach(child -> all.addAll(child.all()));
            }
            return all;
        }

        List<Element> primitives() {
            return all().stream().filter(element -> element.children == null).toList();
        }

        void replaceWith(byte[] newValue) {
            value = newValue;
            children = null;
        }

        void repeatOneChild(SplittableRandom random) {
            if (children != null && !children.isEmpty()) {
                Element child = children.get(random.nextInt(children.size()));
                int copies = 1 + random.nextInt(20);
                for (int i = 0; i < copies; i++) {
                    children.add(child);
                }
            }
        }

        void dropOneChild(SplittableRandom random) {
            if (children != null && !children.isEmpty()) {
                children.remove(random.nextInt(children.size()));
            }
        }

        byte[] encoded() {
            return children == null
                    ? HostileBer.element(tag, value)
                    : HostileBer.element(tag, children.stream().map(Element::encoded).toArray(byte[][]::new));
        }
    }
}
