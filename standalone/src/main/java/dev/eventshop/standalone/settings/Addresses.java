package dev.eventshop.standalone.settings;

/** Addresses as a program on this machine uses them. */
public final class Addresses {

    private Addresses() {}

    /** @return the host of URLs that reach what listens on the address */
    public static String reachable(String bindAddress) {
        return switch (bindAddress) {
            case "0.0.0.0", "::", "*" -> "127.0.0.1";
            default -> bindAddress.contains(":") ? "[" + bindAddress + "]" : bindAddress;
        };
    }
}
