package org.vilam.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The program's version, which the build writes into {@code version.properties}. */
public final class Version {
    /** Such as {@code 0.1.0-SNAPSHOT}. */
    public static final String VERSION = read();

    private Version() {}

    private static String read() {
        try (InputStream in = Version.class.getResourceAsStream("/org/vilam/web/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read", e);
        }
    }
}
