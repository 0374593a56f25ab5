package dev.eventshop.standalone.cli;

import dev.eventshop.access.Role;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import dev.eventshop.standalone.issuer.IssuerFolder;
import dev.eventshop.standalone.issuer.Tokens;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Prints a token of the embedded issuer and nothing else, for use with curl:",
            "  curl -H \"Authorization: Bearer $(eventshop token operator)\" ...",
            "It is valid for an hour. Whoever may read the data folder may make any.",
        })
final class TokenCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOption data = new DataOption();

    @Parameters(paramLabel = "operator|staff|customer", description = "The role that the token gives.")
    private String role = "";

    @Option(
            names = "--subject",
            paramLabel = "<name>",
            description = "Whom the token is about (default: the name of the role). Each name is another customer.")
    private @Nullable String subject;

    TokenCommand() {
        this.spec = CommandSpec.create();
    }

    @Override
    public Integer call() {
        Role wanted = Arrays.stream(Role.values())
                .filter(known -> known.claim().equals(role))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "The role must be operator, staff or customer, not \"" + role + "\""));
        IssuerFolder issuer = IssuerFolder.find(data.folder())
                .orElseThrow(() -> new Refused(
                        ExitCode.FAILED,
                        "The embedded issuer was never started in " + DataFolder.absolute(data.folder()) + "."));
        String about = subject == null ? wanted.claim() : subject;
        if (about.isBlank()) {
            throw new ParameterException(spec.commandLine(), "The subject must not be empty");
        }
        spec.commandLine().getOut().println(Tokens.issue(issuer, wanted, about, Instant.now()));
        return ExitCode.OK;
    }
}
