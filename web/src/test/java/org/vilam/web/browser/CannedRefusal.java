package org.vilam.web.browser;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.vilam.grounding.result.GroundingJson;

/** A refusal of the tests' server, sent as problem+json. */
final class CannedRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final transient ObjectNode body;

    CannedRefusal(int status, String title, String code, String detail, String hint) {
        super(detail);
        this.status = status;
        body = GroundingJson.mapper()
                .createObjectNode()
                .put("type", "urn:vilam:problem:" + code)
                .put("title", title)
                .put("status", status)
                .put("code", code)
                .put("detail", detail)
                .put("hint", hint)
                .put("request_id", "req-7");
    }

    int status() {
        return status;
    }

    ObjectNode body() {
        return body;
    }
}
