package org.vilam.web.server;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** What the build wrote into {@code version.properties}. */
public final class Version {
    private static final Properties PROPERTIES = read();

    /** The program's, such as {@code 0.1.0-SNAPSHOT}. */
    public static final String VERSION = PROPERTIES.getProperty("version", "");

    /** That of the bundled Swagger UI, which is part of its files' path. */
    static final String SWAGGER_UI = PROPERTIES.getProperty("swagger-ui", "");

    private Version() {}

    private static Properties read() {
        try (InputStream in = Version.class.getResourceAsStream("/org/vilam/web/version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties;
        } catch (IOException e) {
            throw new IllegalStateException("version.properties cannot be read", e);
        }
    }
}
