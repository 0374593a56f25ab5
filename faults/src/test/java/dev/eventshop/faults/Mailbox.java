package dev.eventshop.faults;

import dev.eventshop.testing.ScriptedSmtpServer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people have been sent. */
final class Mailbox {

    private static final String WELCOME = "welcome";

    /** The order, and its status as it stands in events; in every language alike. */
    private static final Pattern ABOUT_ORDER = Pattern.compile("(\\d+)\\D*\\b([A-Z]{4,})\\b\\)?$");

    private final ScriptedSmtpServer server;
    private final Map<Email, Integer> received = new HashMap<>();

    Mailbox(ScriptedSmtpServer server) {
        this.server = server;
    }

    /**
     * What an email says, whatever its {@code Message-ID} is.
     *
     * @param to   an address, or a user's number where it is to be compared with those
     * @param step what it is about: a welcome, or an order's entering a status
     */
    record Email(String to, String step) {

        static Email welcome(int user) {
            return new Email(Integer.toString(user), WELCOME);
        }

        static Email of(int user, int order, String status) {
            return new Email(Integer.toString(user), order + " " + status);
        }
    }

    /** @return how often each email has come, by address */
    Map<Email, Integer> received() {
        List<String> mails = List.copyOf(server.accepted());
        Set<String> drained = new HashSet<>(mails);
        server.accepted().removeAll(drained);
        for (String mail : mails) {
            String address = header(mail, "To").replaceAll("^.*<|>.*$", "");
            received.merge(new Email(address, step(header(mail, "Subject"))), 1, Integer::sum);
        }
        return received;
    }

    private static String step(String subject) {
        Matcher order = ABOUT_ORDER.matcher(subject);
        if (order.find()) {
            return order.group(1) + " " + order.group(2);
        }
        return subject.startsWith("Welcome") ? WELCOME : subject;
    }

    private static String header(String mail, String name) {
        String text = mail.replaceAll("\n[ \t]+", " ");
        int start = ("\n" + text).indexOf("\n" + name + ":");
        if (start < 0) {
            throw new IllegalStateException("no " + name + " in " + mail);
        }
        return text.substring(start + name.length() + 1, text.indexOf('\n', start))
                .strip();
    }
}
