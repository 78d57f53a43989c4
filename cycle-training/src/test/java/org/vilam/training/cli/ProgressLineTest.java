package org.vilam.training.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
    private final StringWriter out = new StringWriter();

    private ProgressLine line(boolean terminal) {
        return new ProgressLine(new PrintWriter(out), terminal);
    }

    @Test
    void on_a_terminal_one_line_is_written_anew() {
        try (ProgressLine line = line(true)) {
            line.show(0.25, "a long text to begin with");
            line.show(1, "end");
        }
        String[] written = out.toString().split("\r", -1);
        assertThat(written[1]).startsWith("[######------------------]  25 %  a long text");
        assertThat(written[2]).startsWith("[########################] 100 %  end  done in 0:0");
        assertThat(written[2].stripTrailing().length()).isLessThan(written[1].length());
        assertThat(written[2].length()).isGreaterThanOrEqualTo(written[1].length()); // the longer line is covered
        assertThat(out.toString()).endsWith(System.lineSeparator());
    }

    @Test
    void in_a_file_lines_come_now_and_then_and_the_last_always() {
        try (ProgressLine line = line(false)) {
            for (int i = 0; i <= 1000; i++) {
                line.show(i / 1000.0, "step " + i);
            }
            line.note("a score");
        }
        assertThat(out.toString().lines()).hasSize(3).first().asString().isEqualTo("  0.0 %  step 0  ");
        assertThat(out.toString())
                .contains("100.0 %  step 1000  done in")
                .contains("a score")
                .doesNotContain("\r[");
    }

    @Test
    void times_are_told_in_minutes_and_hours() {
        assertThat(ProgressLine.clock(59.6)).isEqualTo("1:00");
        assertThat(ProgressLine.clock(3723)).isEqualTo("1:02:03");
    }
}
