package org.vilam.web.program;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** Asks an address and ends with 0 for an answer of 2xx, else 1: a container's health check without another program. */
public final class Probe {
    private static final int PATIENCE_MILLIS = 4_000;

    private Probe() {}

    /**
     * Asks.
     *
     * @param args the address
     */
    public static void main(String[] args) {
        System.exit(args.length == 1 && answers(args[0]) ? 0 : 1);
    }

    static boolean answers(String address) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address).toURL().openConnection();
            connection.setConnectTimeout(PATIENCE_MILLIS);
            connection.setReadTimeout(PATIENCE_MILLIS);
            return connection.getResponseCode() / 100 == 2;
        } catch (IOException e) {
            return false;
        }
    }
}
