package dev.eventshop.standalone.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The arguments of the process: those of the command line, and settings of the form {@code --spring.datasource.url=...},
 * which are for the services.
 *
 * @param command begins with the command's name
 */
record Arguments(List<String> command, List<String> settings) {

    /** A dot in the name tells a setting from an option. */
    private static final String SETTING = "(?s)--[^=.\\s]+\\.[^=\\s]*=.*";

    private static final Set<String> ABOUT_ALL = Set.of("-h", "--help", "-V", "--version");

    private static final String DEFAULT_COMMAND = "start";

    static Arguments of(String... arguments) {
        List<String> command = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        for (String argument : arguments) {
            (argument.matches(SETTING) ? settings : command).add(argument);
        }
        if (command.isEmpty() || command.get(0).startsWith("-") && !ABOUT_ALL.contains(command.get(0))) {
            command.add(0, DEFAULT_COMMAND);
        }
        return new Arguments(List.copyOf(command), List.copyOf(settings));
    }
}
