package dev.eventshop.standalone.cli;

import picocli.CommandLine.Command;

@Command(
        name = "eventshop",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel =
                "[start | issuer | token | check | test-events | replay | republish | reconcile | backup"
                        + " | restore]",
        description = "A shop backend in one process: commands, read models and emails, with their servers.",
        footer = {
            "",
            "Without a command it starts. \"eventshop <command> --help\" tells more.",
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it worked",
            "1:a check found something wrong, work failed or was cancelled, or a service did not start",
            "2:an option or setting makes no sense",
            "3:a port is taken",
            "4:the data folder can't be used: in use, no permission, no folder",
            "5:a server that was named can't be used",
            "130, 143:it was running, and was stopped with Ctrl-C or SIGTERM",
        })
final class Eventshop {}
