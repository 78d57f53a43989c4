package org.vilam.assistant.chat.memory;

import java.util.Optional;

/** Where the messages of conversations are written, as text that only its writer reads. Safe for several threads. */
public interface ChatRecords {
    /** What was written last under a name, where there is anything. */
    Optional<String> read(String conversation);

    /** Writes a conversation in place of what was there; once this has returned it survives the end of the process. */
    void write(String conversation, String messages);

    /** Forgets a conversation, if there is one. */
    void delete(String conversation);
}
