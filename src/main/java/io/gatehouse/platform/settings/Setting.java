package io.gatehouse.platform.settings;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.WebAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * A thing that can be set. Its value is kept and shown as a text of one form.
 *
 * @param <T> what the text says
 */
public final class Setting<T> {

    /** Who may log in where no policy decides: members of ldapusers, or nobody but the owner, collaborators and administrators. */
    public static final Setting<String> ACCESS_DEFAULT = new Setting<>("access_default", "choice", "open", false,
            "Who may log in where no policy decides: open for everybody, closed for the container's owner and collaborators and administrators alone.",
            Setting::openOrClosed);

    /** How many containers somebody may have who is no administrator. */
    public static final Setting<Integer> CONTAINERS_PER_USER = new Setting<>("containers_per_user", "number", "20", false,
            "How many containers somebody may have who is no administrator.", Setting::count);

    /** By which this server proves to the push notification service who it is; empty where it asks nobody. */
    public static final Setting<Optional<String>> PUSH_NOTIFICATION_API_KEY = new Setting<>("push_notification_api_key", "secret", "", true,
            "The API key for the service that sends push notifications; empty if it needs none.", Setting::optionalSecret);

    /** Whose API key that is. */
    public static final Setting<Optional<String>> PUSH_NOTIFICATION_CLIENT_ID = new Setting<>("push_notification_client_id", "text", "", false,
            "The client that the API key belongs to, as the service that sends push notifications knows it; empty if it needs none.", Setting::optionalWord);

    /** Where push notifications for logins are sent to; empty for nowhere. */
    public static final Setting<Optional<WebAddress>> PUSH_NOTIFICATION_URL = new Setting<>("push_notification_url", "url", "", false,
            "The address of the service that sends push notifications for logins; empty for none.", Setting::optionalAddress);

    public static final Setting<Boolean> PUSH_NOTIFICATION_ENABLED = new Setting<>("push_notification_enabled", "boolean", "false", false,
            "Whether logins ask for approval by a push notification.", Setting::flag);

    /** How many services a container may have to which no administrator adds them. */
    public static final Setting<Integer> SERVICES_PER_CONTAINER = new Setting<>("services_per_container", "number", "20", false,
            "How many services a container may have to which no administrator adds them.", Setting::count);

    /** From which external ports of TCP services are chosen. */
    public static final Setting<PortRange> TCP_PORT_RANGE = new Setting<>("tcp_port_range", "port-range", "2000-2999", false,
            "From which external ports of TCP services are chosen.", PortRange::parse);

    /** From which external ports of UDP services are chosen. */
    public static final Setting<PortRange> UDP_PORT_RANGE = new Setting<>("udp_port_range", "port-range", "2000-2999", false,
            "From which external ports of UDP services are chosen.", PortRange::parse);

    public static final Setting<Boolean> SECOND_FACTOR_REQUIRED = new Setting<>("second_factor_required_for_administrators", "boolean", "false", false,
            "Whether administrators without a second factor can do nothing but set one up.", Setting::flag);

    public static final Setting<Boolean> REGISTRATION_OPEN = new Setting<>("registration_open", "boolean", "true", false,
            "Whether people can register without an invitation; administrators approve them.", Setting::flag);

    public static final Setting<Duration> REGISTRATION_LIFETIME = lifetime("registration_lifetime", "30d", Duration.ofDays(365),
            "How long a registration waits for its approval before it is deleted, from 5 minutes to 365 days.");

    public static final Setting<Duration> INVITATION_LIFETIME = lifetime("invitation_lifetime", "24h", Duration.ofDays(30),
            "How long an invitation is good for, from 5 minutes to 30 days.");

    public static final Setting<Duration> PASSWORD_RESET_LIFETIME = lifetime("password_reset_lifetime", "1h", Duration.ofDays(1),
            "How long the link of a password reset is good for, from 5 minutes to a day.");

    /** All there are, in the order of their keys. */
    public static final List<Setting<?>> ALL = List.of(
            ACCESS_DEFAULT, CONTAINERS_PER_USER, INVITATION_LIFETIME, PASSWORD_RESET_LIFETIME, PUSH_NOTIFICATION_API_KEY, PUSH_NOTIFICATION_CLIENT_ID,
            PUSH_NOTIFICATION_ENABLED, PUSH_NOTIFICATION_URL, REGISTRATION_LIFETIME, REGISTRATION_OPEN, SECOND_FACTOR_REQUIRED, SERVICES_PER_CONTAINER,
            TCP_PORT_RANGE, UDP_PORT_RANGE);

    private static final Pattern LIFETIME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");
    private static final Duration SHORTEST_LIFETIME = Duration.ofMinutes(5);

    private static final Pattern COUNT = Pattern.compile("0|[1-9][0-9]{0,5}");
    private static final Pattern SECRET = Pattern.compile("[A-Za-z0-9._~+/=-]{1,256}");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9._:@/-]{1,253}");

    private final String key;
    private final String type;
    private final String defaultText;
    private final boolean secret;
    private final String description;
    private final BiFunction<String, String, T> parser;

    /** @param parser of the text, with the field to name in a {@link Problem} */
    Setting(String key, String type, String defaultText, boolean secret, String description, BiFunction<String, String, T> parser) {
        this.key = key;
        this.type = type;
        this.defaultText = defaultText;
        this.secret = secret;
        this.description = description;
        this.parser = parser;
    }

    public static Optional<Setting<?>> named(String key) {
        return ALL.stream().filter(setting -> setting.key.equals(key)).findFirst();
    }

    public String key() {
        return key;
    }

    /** What kind of text its value is: {@code boolean}, {@code choice}, {@code duration}, {@code number}, {@code port-range}, {@code secret}, {@code text} or {@code url}. */
    public String type() {
        return type;
    }

    public String defaultText() {
        return defaultText;
    }

    /** Whether its value is encrypted at rest, and never shown. */
    public boolean isSecret() {
        return secret;
    }

    public String description() {
        return description;
    }

    /** @throws Problem with this field, if the text breaks the setting's rule */
    public T parse(String field, String text) {
        return parser.apply(field, text);
    }

    @Override
    public String toString() {
        return key;
    }

    private static Optional<WebAddress> optionalAddress(String field, String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(WebAddress.parse(field, text));
    }

    private static int count(String field, String text) {
        if (!COUNT.matcher(text).matches()) {
            throw Problem.invalid(field, text, "A number from 0 to 999999 is needed.");
        }
        return Integer.parseInt(text);
    }

    private static Setting<Duration> lifetime(String key, String defaultText, Duration longest, String description) {
        return new Setting<>(key, "duration", defaultText, false, description, (field, text) -> lifetime(field, text, longest));
    }

    private static Duration lifetime(String field, String text, Duration longest) {
        var matcher = LIFETIME.matcher(text);
        if (matcher.matches()) {
            int count = Integer.parseInt(matcher.group(1));
            var lifetime = switch (matcher.group(2)) {
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            if (lifetime.compareTo(SHORTEST_LIFETIME) >= 0 && lifetime.compareTo(longest) <= 0) {
                return lifetime;
            }
        }
        throw Problem.invalid(field, text, "A number of minutes, hours or days is needed, such as 30m, 24h or 2d, from 5m to " + longest.toDays() + "d.");
    }

    private static Optional<String> optionalSecret(String field, String text) {
        if (!text.isEmpty() && !SECRET.matcher(text).matches()) {
            throw Problem.invalidSecret(field, "At most 256 letters, digits and characters of ._~+/=- are needed.");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> optionalWord(String field, String text) {
        if (!text.isEmpty() && !WORD.matcher(text).matches()) {
            throw Problem.invalid(field, text, "At most 253 letters, digits and characters of ._:@/- are needed.");
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private static String openOrClosed(String field, String text) {
        return switch (text) {
            case "open", "closed" -> text;
            default -> throw Problem.invalid(field, text, "The text open or closed is needed.");
        };
    }

    private static boolean flag(String field, String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw Problem.invalid(field, text, "The text true or false is needed.");
        };
    }
}
