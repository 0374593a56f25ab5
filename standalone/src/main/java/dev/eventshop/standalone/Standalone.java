package dev.eventshop.standalone;

import dev.eventshop.standalone.cli.Commands;

/** Where the process begins. */
public final class Standalone {

    private Standalone() {}

    public static void main(String[] arguments) {
        System.exit(Commands.run(arguments));
    }
}
