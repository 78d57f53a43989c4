package org.vilam.web;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The plan of the house, held by the build: which floor may use which, and what each library is for. */
@AnalyzeClasses(packages = "org.vilam", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseTest {
    private static final List<String> ROOMS_WITHOUT_A_NAME =
            List.of("util", "utils", "common", "helper", "manager", "impl");

    @ArchTest
    static final ArchRule arrows_run_only_downwards = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("prompts")
            .definedBy("org.vilam.prompts..")
            .layer("vision-encoder")
            .definedBy("org.vilam.vision..")
            .layer("grounding-heads")
            .definedBy("org.vilam.grounding..")
            .layer("assistant")
            .definedBy("org.vilam.assistant..")
            .layer("cycle-training")
            .definedBy("org.vilam.training..")
            .layer("web")
            .definedBy("org.vilam.web..")
            .whereLayer("prompts")
            .mayNotAccessAnyLayer()
            .whereLayer("vision-encoder")
            .mayNotAccessAnyLayer()
            .whereLayer("grounding-heads")
            .mayOnlyAccessLayers("vision-encoder")
            .whereLayer("assistant")
            .mayOnlyAccessLayers("grounding-heads", "vision-encoder", "prompts")
            .whereLayer("cycle-training")
            .mayOnlyAccessLayers("assistant", "grounding-heads", "vision-encoder", "prompts")
            .whereLayer("web")
            .mayOnlyAccessLayers("cycle-training", "assistant", "grounding-heads", "vision-encoder", "prompts");

    @ArchTest
    static final ArchRule javalin_is_used_in_web_alone = noClasses()
            .that()
            .resideOutsideOfPackage("org.vilam.web..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.javalin..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule langchain4j_is_used_in_assistant_and_prompts_alone = noClasses()
            .that()
            .resideOutsideOfPackages("org.vilam.assistant..", "org.vilam.prompts..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.langchain4j..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule no_tensor_type_shows_in_web_or_prompts = noClasses()
            .that()
            .resideInAnyPackage("org.vilam.web..", "org.vilam.prompts..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("ai.djl..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule pixels_enter_through_the_image_door_alone = noClasses()
            .that()
            .resideOutsideOfPackage("org.vilam.vision.image..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("javax.imageio.ImageReader")
            .orShould()
            .callMethod("javax.imageio.ImageIO", "read", "java.io.InputStream")
            .orShould()
            .callMethod("javax.imageio.ImageIO", "read", "java.io.File")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule packages_have_no_cycles =
            slices().matching("org.vilam.(*).(*)..").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule every_room_has_a_name = classes()
            .should(com.tngtech.archunit.lang.conditions.ArchConditions.not(
                    com.tngtech.archunit.lang.conditions.ArchConditions.be(inARoomWithoutAName())))
            .allowEmptyShould(true);

    private static DescribedPredicate<JavaClass> inARoomWithoutAName() {
        return DescribedPredicate.describe(
                "in a package or class called " + ROOMS_WITHOUT_A_NAME,
                type -> List.of(type.getPackageName().split("\\.")).stream().anyMatch(ROOMS_WITHOUT_A_NAME::contains)
                        || ROOMS_WITHOUT_A_NAME.stream()
                                .anyMatch(name -> type.getSimpleName()
                                        .toLowerCase(java.util.Locale.ROOT)
                                        .endsWith(name)));
    }
}
