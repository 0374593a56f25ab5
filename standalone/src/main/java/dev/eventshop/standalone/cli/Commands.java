package dev.eventshop.standalone.cli;

import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.settings.UserSettings;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Everything that the process can be asked to do. */
public final class Commands {

    private Commands() {}

    /** @return the code to end the process with */
    public static int run(String... arguments) {
        Arguments split = Arguments.of(arguments);
        return commandLine(new UserSettings(split.settings()))
                .execute(split.command().toArray(String[]::new));
    }

    static CommandLine commandLine(UserSettings settings) {
        return new CommandLine(new Eventshop())
                .addSubcommand("start", new StartCommand(settings))
                .addSubcommand("issuer", new IssuerCommand(settings))
                .addSubcommand("token", new TokenCommand())
                .addSubcommand("check", new CheckCommand(settings))
                .addSubcommand("test-events", new TestEventsCommand(settings))
                .addSubcommand("replay", new ReplayCommand())
                .addSubcommand("republish", new RepublishCommand())
                .addSubcommand("reconcile", new ReconcileCommand())
                .addSubcommand("backup", new BackupCommand(settings))
                .addSubcommand("restore", new RestoreCommand(settings))
                .setUsageHelpAutoWidth(true)
                .setParameterExceptionHandler(Commands::pointToHelp)
                .setExecutionExceptionHandler(Commands::explain);
    }

    private static int pointToHelp(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        command.getErr().println(mistake.getMessage());
        UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        command.getErr().println("See \"" + command.getCommandSpec().qualifiedName() + " --help\".");
        return ExitCode.USAGE;
    }

    /** One sentence, and nothing that only a programmer reads. */
    private static int explain(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof Refused refused) {
            command.getErr().println(refused.getMessage());
            return refused.exitCode();
        }
        LoggerFactory.getLogger(Commands.class).info("failed", failure);
        command.getErr().println("Something unforeseen went wrong: " + failure);
        return ExitCode.FAILED;
    }
}
