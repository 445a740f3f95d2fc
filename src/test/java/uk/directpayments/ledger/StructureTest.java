package uk.directpayments.ledger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.spring.stereotype.Aggregate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import uk.directpayments.ledger.kernel.EventName;
import uk.directpayments.ledger.platform.Commands;
import uk.directpayments.ledger.platform.LedgerStream;
import uk.directpayments.ledger.platform.Projection;
import uk.directpayments.ledger.platform.StoredEvents;

/** The house as {@code src/docs/house.md} draws it: which room may lean on which, and what each kind of class may touch. */
@AnalyzeClasses(packages = "uk.directpayments.ledger", importOptions = ImportOption.DoNotIncludeTests.class)
class StructureTest {

    private static final String ROOT = "uk.directpayments.ledger.";

    /** Besides the {@code *Rules}. */
    private static final Set<String> PURE = Stream.of(
                    "account.Instalments",
                    "account.Postings",
                    "account.RecoveryShares",
                    "account.Spending",
                    "account.StartUp",
                    "account.Surplus",
                    "audit.Merkle",
                    "kernel.WorkingDays",
                    "policy.Settings",
                    "policy.Timeline",
                    "report.SmallCounts",
                    "residential.DayCount",
                    "residential.DaySet",
                    "residential.LimitSpan",
                    "spending.Comings",
                    "spending.Detection",
                    "spending.SpendingPolicy")
            .map(ROOT::concat)
            .collect(Collectors.toSet());

    @ArchTest
    static final ArchRule roomsHaveNoCycles =
            slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theKernelDependsOnNothing = noClasses()
            .that()
            .resideInAPackage(ROOT + "kernel")
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are outside the JDK and the kernel",
                    type -> !type.getPackageName().startsWith("java.")
                            && !type.getPackageName().startsWith("org.jspecify")
                            && !type.getPackageName().equals(ROOT + "kernel")));

    @ArchTest
    static final ArchRule thePlatformKnowsNoRoom = noClasses()
            .that()
            .resideInAPackage(ROOT + "platform")
            .should()
            .dependOnClassesThat(areInRoomsOtherThan("kernel", "platform"));

    @ArchTest
    static final ArchRule noRoomKnowsThePages = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "web")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "web");

    @ArchTest
    static final ArchRule noRoomKnowsTheDemonstration = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "demo")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "demo");

    @ArchTest
    static final ArchRule onlyThePageOfReportsKnowsThem = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "report")
            .and()
            .doNotHaveFullyQualifiedName(ROOT + "web.ReportPage")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "report");

    @ArchTest
    static final ArchRule pagesAskTheApi = noClasses()
            .that()
            .resideInAPackage(ROOT + "web")
            .should()
            .dependOnClassesThat(areInRoomsOtherThan("kernel", "platform", "report", "web"));

    @ArchTest
    static final ArchRule roomsAreFlat =
            classes().should().resideInAnyPackage(ROOT.substring(0, ROOT.length() - 1), ROOT + "*");

    @ArchTest
    static final ArchRule anAggregateReadsNoTableAndSendsNoCommand = noClasses()
            .that()
            .areAssignableTo(LedgerStream.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Projection.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Commands.class);

    @ArchTest
    static final ArchRule aProjectionSendsNoCommand = noClasses()
            .that()
            .areAssignableTo(Projection.class)
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Commands.class);

    @ArchTest
    static final ArchRule rulesArePure = noClasses()
            .that(DescribedPredicate.describe("are pure", StructureTest::pure))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework..", "java.sql..", "org.axonframework..")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(RandomGenerator.class)
            .orShould()
            .accessTargetWhere(DescribedPredicate.describe("the target is the time or chance", StructureTest::impure));

    @ArchTest
    static void whatIsToBePureIsThere(JavaClasses classes) {
        assertThat(classes).extracting(JavaClass::getName).containsAll(PURE);
    }

    @ArchTest
    static final ArchRule onlyThePlatformAndAuditReadTheLog = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT + "platform", ROOT + "audit")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(EventStore.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(StoredEvents.class);

    @ArchTest
    static final ArchRule everyAggregateIsAStreamWithASnapshotName = classes()
            .that()
            .areAnnotatedWith(Aggregate.class)
            .should()
            .beAssignableTo(LedgerStream.class)
            .andShould()
            .beAnnotatedWith(EventName.class);

    @ArchTest
    static final ArchRule everyRequestBodyIsValidated = methods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(RestController.class)
            .should(new ArchCondition<JavaMethod>("validate each request body") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    method.getParameters().stream()
                            .filter(p -> p.isAnnotatedWith(RequestBody.class) && !p.isAnnotatedWith(Valid.class))
                            .forEach(p -> events.add(SimpleConditionEvent.violated(
                                    method, method.getFullName() + " takes a body without @Valid")));
                }
            });

    @ArchTest
    static final ArchRule apisArePackagePrivate = classes()
            .that()
            .areAnnotatedWith(RestController.class)
            .should(new ArchCondition<JavaClass>("be package-private") {
                @Override
                public void check(JavaClass type, ConditionEvents events) {
                    if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
                        events.add(SimpleConditionEvent.violated(type, type.getName() + " is public"));
                    }
                }
            });

    /** Written between a class and the one nested in it, it belongs to the type, and nobody asks for it. */
    @ArchTest
    static void whatIsRequiredOfAFieldIsAskedFor(JavaClasses classes) {
        List<String> unasked = classes.stream()
                .filter(JavaClass::isRecord)
                .flatMap(type -> Arrays.stream(type.reflect().getDeclaredFields()))
                .filter(field -> Arrays.stream(field.getAnnotatedType().getAnnotations())
                        .map(Annotation::annotationType)
                        .anyMatch(one -> one.isAnnotationPresent(Constraint.class) && !field.isAnnotationPresent(one)))
                .map(Field::toString)
                .toList();
        assertThat(unasked).isEmpty();
    }

    private static DescribedPredicate<JavaClass> areInRoomsOtherThan(String... rooms) {
        Set<String> known = Stream.of(rooms).map(ROOT::concat).collect(Collectors.toSet());
        return DescribedPredicate.describe(
                "are in rooms other than " + String.join(", ", rooms),
                type -> type.getPackageName().startsWith(ROOT) && !known.contains(type.getPackageName()));
    }

    /** With all that is nested in it. */
    private static boolean pure(JavaClass type) {
        String name = type.getName().replaceFirst("\\$.*", "");
        return PURE.contains(name) || name.endsWith("Rules") && !name.startsWith(ROOT + "platform");
    }

    private static boolean impure(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        String name = access.getName();
        return owner.startsWith("java.time.") && name.equals("now")
                || owner.equals("java.lang.System")
                        && Set.of("currentTimeMillis", "nanoTime").contains(name)
                || owner.equals("java.util.UUID") && name.equals("randomUUID")
                || owner.equals("java.lang.Math") && name.equals("random");
    }
}
