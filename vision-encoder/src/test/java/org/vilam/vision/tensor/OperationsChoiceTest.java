package org.vilam.vision.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vilam.vision.tensor.OperationsUnderTest.SCRIPT;
import static org.vilam.vision.tensor.OperationsUnderTest.newManager;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.vilam.vision.error.ErrorCode;
import org.vilam.vision.error.VilamException;

class OperationsChoiceTest {
    private static Operations broken() {
        throw new EngineException("Unknown builtin op: aten::rms_norm");
    }

    @Test
    void the_script_operations_load_here_and_are_chosen_once() {
        assertThat(Operations.get().name()).isEqualTo("script");
        assertThat(Operations.get()).isSameAs(Operations.get());
    }

    @Test
    void each_can_be_asked_for() {
        assertThat(OperationsChoice.choose("plain", OperationsChoiceTest::broken)
                        .name())
                .isEqualTo("plain");
        assertThat(OperationsChoice.choose("Script", () -> SCRIPT)).isSameAs(SCRIPT);
        assertThatThrownBy(() -> OperationsChoice.choose("script", OperationsChoiceTest::broken))
                .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> OperationsChoice.choose("cuda", OperationsChoiceTest::broken))
                .isInstanceOfSatisfying(VilamException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
                    assertThat(e).hasMessageContaining("cuda");
                    assertThat(e.hint()).contains("script or plain");
                });
    }

    @Test
    void plain_operations_stand_in_and_the_log_says_why() {
        Logger log = (Logger) LoggerFactory.getLogger(OperationsChoice.class);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            assertThat(OperationsChoice.choose("", OperationsChoiceTest::broken).name())
                    .isEqualTo("plain");
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).singleElement().satisfies(line -> {
            assertThat(line.getLevel()).isEqualTo(Level.WARN);
            assertThat(line.getThrowableProxy().getMessage()).contains("aten::rms_norm");
        });
    }

    @Test
    void an_operation_that_libtorch_lacks_is_found_when_loading() {
        String methods = "  def f(self, n: List[float]) -> float:\n    return torch.no_such_operation(n)\n";
        try (NDManager manager = newManager()) {
            assertThatThrownBy(() -> ScriptModule.load(manager, methods))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("no_such_operation");
        }
    }
}
