package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Shows a refusal to a person who asked for a page, where {@link Problems} would write JSON for a program. */
public interface ProblemPages {

    /**
     * Writes the whole answer; the status is set already.
     *
     * @param detail what was wrong, in words without personal data
     */
    void write(int status, String code, String detail, HttpServletRequest request, HttpServletResponse response)
            throws IOException;
}
