package org.vilam.assistant.chat;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vilam.assistant.Options;
import org.vilam.assistant.Region;
import org.vilam.prompts.Task;

/** What can be said about a question beside its words: the task, places in the picture and how the answer is wanted. */
public final class VilamChatRequestParameters extends DefaultChatRequestParameters {
    private final @Nullable Task task;
    private final List<Region> regions;
    private final @Nullable Options options;

    private VilamChatRequestParameters(Builder builder) {
        super(builder);
        this.task = builder.task;
        this.regions = builder.regions == null ? List.of() : List.copyOf(builder.regions);
        this.options = builder.options;
    }

    /** A builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    /** What to do whatever the words say, or null: it is read from the words. */
    public @Nullable Task task() {
        return task;
    }

    /** What is pointed at; {@code #1} in the words is the first. */
    public List<Region> regions() {
        return regions;
    }

    /** How the answer is wanted, or null for {@link Options#DEFAULT}. */
    public @Nullable Options options() {
        return options;
    }

    @Override
    public ChatRequestParameters overrideWith(ChatRequestParameters that) {
        return builder().overrideWith(this).overrideWith(that).build();
    }

    @Override
    public ChatRequestParameters defaultedBy(ChatRequestParameters that) {
        return builder().overrideWith(that).overrideWith(this).build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return super.equals(other)
                && other instanceof VilamChatRequestParameters that
                && task == that.task
                && regions.equals(that.regions)
                && Objects.equals(options, that.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), task, regions, options);
    }

    @Override
    public String toString() {
        return "VilamChatRequestParameters{" + super.toString() + ", task=" + task + ", regions=" + regions
                + ", options=" + options + "}";
    }

    /** Builds parameters. */
    public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
        private @Nullable Task task;
        private @Nullable List<Region> regions;
        private @Nullable Options options;

        private Builder() {}

        /** Sets {@link VilamChatRequestParameters#task()}. */
        public Builder task(@Nullable Task value) {
            this.task = value;
            return this;
        }

        /** Sets {@link VilamChatRequestParameters#regions()}. */
        public Builder regions(List<Region> value) {
            this.regions = value;
            return this;
        }

        /** Sets {@link VilamChatRequestParameters#options()}. */
        public Builder options(@Nullable Options value) {
            this.options = value;
            return this;
        }

        @Override
        public Builder overrideWith(ChatRequestParameters parameters) {
            super.overrideWith(parameters);
            if (parameters instanceof VilamChatRequestParameters more) {
                task = more.task == null ? task : more.task;
                regions = more.regions.isEmpty() ? regions : more.regions;
                options = more.options == null ? options : more.options;
            }
            return this;
        }

        @Override
        public VilamChatRequestParameters build() {
            return new VilamChatRequestParameters(this);
        }
    }
}
