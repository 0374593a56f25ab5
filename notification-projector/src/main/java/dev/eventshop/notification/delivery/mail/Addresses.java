package dev.eventshop.notification.delivery.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;

/** Reads an address that came from a message and may be hostile. */
final class Addresses {

    private Addresses() {}

    /**
     * @return exactly one address, without display name, group or comment
     * @throws AddressException when the text is anything else, or carries control characters
     */
    static InternetAddress one(String text) throws AddressException {
        if (text.isBlank() || text.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw new AddressException("empty, or with control characters");
        }
        InternetAddress address = new InternetAddress(text, true);
        if (address.isGroup() || !text.equals(address.getAddress()) || text.indexOf('@') < 1) {
            throw new AddressException("not a plain address");
        }
        return address;
    }
}
