package dev.eventshop.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

@AnalyzeClasses(packages = "dev.eventshop", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String ROOT = "dev.eventshop.standalone";

    @ArchTest
    static final ArchRule isUsedByNobody = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "..");

    /**
     * The services are started by their applications and reached over HTTP; nothing in them is touched. The store's schema
     * knows how a store that was moved goes on.
     */
    @ArchTest
    static final ArchRule knowsOfTheServicesTheirApplicationsOnly = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.eventshop.command.*..",
                    "dev.eventshop.query.*..",
                    "dev.eventshop.notification.*..",
                    "dev.eventshop.eventstore",
                    "dev.eventshop.messaging..",
                    "dev.eventshop.web..");

    @ArchTest
    static final ArchRule onlyServersAreEmbedded = noClasses()
            .that()
            .resideInAPackage(ROOT + "..")
            .and()
            .resideOutsideOfPackages(ROOT + ".server", ROOT + ".launch")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.eventshop.embedded..");

    /** What looks at a running system from outside works without starting anything. */
    @ArchTest
    static final ArchRule looksFromOutside = noClasses()
            .that()
            .resideInAnyPackage(ROOT + ".probe", ROOT + ".demo", ROOT + ".client")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + ".launch", ROOT + ".server", "org.springframework..");

    @ArchTest
    static final ArchRule packagesHaveAnOrder =
            slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule commandsArePackagePrivate = classes()
            .that()
            .haveNameMatching(ROOT + "\\.cli\\..*Command")
            .should()
            .bePackagePrivate();

    @ArchTest
    static void everyPackageOfTheRulesHasClasses(JavaClasses classes) {
        assertThat(classes.stream().map(JavaClass::getPackageName))
                .contains(ROOT)
                .containsAll(List.of(
                        "dev.eventshop.command.order",
                        "dev.eventshop.query.replay",
                        "dev.eventshop.notification.delivery",
                        "dev.eventshop.eventstore",
                        "dev.eventshop.messaging",
                        "dev.eventshop.web",
                        "dev.eventshop.embedded"));
        for (String name : List.of(
                "backup",
                "cli",
                "client",
                "console",
                "data",
                "demo",
                "issuer",
                "launch",
                "probe",
                "server",
                "settings")) {
            assertThat(classes.stream().map(JavaClass::getPackageName)).contains(ROOT + "." + name);
        }
    }
}
