package dev.eventshop.faults;

import dev.eventshop.testing.ScriptedSmtpServer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What people have been sent. */
final class Mailbox {

    private final ScriptedSmtpServer server;
    private final Map<String, String> addressOf = new HashMap<>();
    private final Map<String, Integer> count = new HashMap<>();
    private final Set<String> told = new HashSet<>();

    Mailbox(ScriptedSmtpServer server) {
        this.server = server;
    }

    private void drain() {
        List<String> mails = List.copyOf(server.accepted());
        server.accepted().removeAll(new HashSet<>(mails));
        for (String mail : mails) {
            String id = header(mail, "Message-ID");
            addressOf.put(id, header(mail, "To").replaceAll("^.*<|>.*$", ""));
            count.merge(id, 1, Integer::sum);
        }
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

    /** @return how many different emails each address has got */
    Map<String, Integer> byAddress() {
        drain();
        Map<String, Integer> byAddress = new HashMap<>();
        addressOf.values().forEach(address -> byAddress.merge(address, 1, Integer::sum));
        return byAddress;
    }

    /** @return ids of emails that came more than once, each told once */
    List<String> twice() {
        drain();
        List<String> twice = count.entrySet().stream()
                .filter(email -> email.getValue() > 1)
                .map(Map.Entry::getKey)
                .filter(told::add)
                .toList();
        return twice;
    }
}
