package io.gatehouse.credentials;

import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Secrets that the server makes up, in small letters and digits that people do not confuse. They have so many random bits that
 * nobody finds one by trying, however fast their hash is: a slow one, as passwords need, would cost time and protect nothing.
 */
public final class RandomSecret {

    private static final String DIGITS = "23456789abcdefghjkmnpqrstuvwxyz0";
    private static final int GROUP = 4;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int RECOVERY_CODES = 10;
    private static final int RECOVERY_GROUPS = 4;
    private static final Pattern RECOVERY = Pattern.compile("[" + DIGITS + "]{" + RECOVERY_GROUPS * GROUP + "}");
    private static final String APP = "app-";
    private static final String MACHINE = "host-";
    private static final String JOIN = "join-";
    private static final String AGENT = "agent-";
    private static final int LONG_GROUPS = 7;
    private static final Pattern APP_PASSWORD = longForm(APP);
    private static final Pattern MACHINE_SECRET = longForm(MACHINE);
    private static final Pattern JOIN_TOKEN = longForm(JOIN);
    private static final Pattern AGENT_KEY = longForm(AGENT);

    private RandomSecret() {
    }

    /** Ten codes of 80 random bits. */
    public static List<String> recoveryCodes() {
        return Stream.generate(() -> groups(RECOVERY_GROUPS)).limit(RECOVERY_CODES).toList();
    }

    /** What is stored of a recovery code, however it was typed. */
    public static byte[] recoveryHash(String code) {
        return Sha256.of(bare(code));
    }

    public static boolean looksLikeRecoveryCode(String text) {
        return RECOVERY.matcher(bare(text)).matches();
    }

    /** 140 random bits. */
    public static String appPassword() {
        return APP + groups(LONG_GROUPS);
    }

    public static boolean looksLikeAppPassword(String text) {
        return APP_PASSWORD.matcher(text).matches();
    }

    /** Of a container's machine account: 140 random bits. */
    public static String machineSecret() {
        return MACHINE + groups(LONG_GROUPS);
    }

    /** Of a container that shall join: 140 random bits. */
    public static String joinToken() {
        return JOIN + groups(LONG_GROUPS);
    }

    public static boolean looksLikeJoinToken(String text) {
        return JOIN_TOKEN.matcher(text).matches();
    }

    /** Of a site's agents: 140 random bits. */
    public static String agentKey() {
        return AGENT + groups(LONG_GROUPS);
    }

    public static boolean looksLikeAgentKey(String text) {
        return AGENT_KEY.matcher(text).matches();
    }

    public static boolean looksLikeMachineSecret(String text) {
        return MACHINE_SECRET.matcher(text).matches();
    }

    private static String bare(String code) {
        return code.replaceAll("[ -]", "").toLowerCase(Locale.ROOT);
    }

    private static Pattern longForm(String prefix) {
        return Pattern.compile(prefix + "[" + DIGITS + "]{4}(-[" + DIGITS + "]{4}){" + (LONG_GROUPS - 1) + "}");
    }

    private static String groups(int count) {
        var text = new StringBuilder();
        for (int i = 0; i < count * GROUP; i++) {
            text.append(i > 0 && i % GROUP == 0 ? "-" : "").append(DIGITS.charAt(RANDOM.nextInt(DIGITS.length())));
        }
        return text.toString();
    }
}
