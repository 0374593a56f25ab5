package dev.eventshop.command.user;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An email address that mail servers everywhere accept: ASCII, without quotes and comments, the domain with at least
 * one dot. What can't stand in it: spaces, control characters, line breaks, angle brackets and commas, so that it can't
 * add a header or a recipient to an email; and letters beyond ASCII, so that no two spellings look or fold alike
 * besides upper and lower case (international domains are entered in their {@code xn--} form).
 *
 * @param value as entered, at most {@value #MAX_LENGTH} characters
 */
public record EmailAddress(String value) {

    /** Longest address that fits an SMTP path (RFC 5321, 4.5.3.1.3, less the angle brackets). */
    public static final int MAX_LENGTH = 254;

    private static final int MAX_LOCAL_PART = 64; // RFC 5321, 4.5.3.1.1

    private static final Pattern LOCAL_PART =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++(?:\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]++)*+");

    private static final Pattern DOMAIN = Pattern.compile(
            "(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])");

    public EmailAddress {
        if (!isValid(value)) {
            throw new IllegalArgumentException("not an email address"); // without the value: it is personal data
        }
    }

    /** @return whether the text can be the value of an address */
    public static boolean isValid(String text) {
        int at = text.lastIndexOf('@');
        return text.length() <= MAX_LENGTH
                && at > 0
                && at <= MAX_LOCAL_PART
                && LOCAL_PART.matcher(text.substring(0, at)).matches()
                && DOMAIN.matcher(text.substring(at + 1)).matches();
    }

    /** @return the form that is equal for addresses that differ in upper and lower case only */
    String key() {
        return value.toLowerCase(Locale.ROOT);
    }

    /** Without the address: logs and error messages are no place for it. */
    @Override
    public String toString() {
        return "EmailAddress[...]";
    }
}
