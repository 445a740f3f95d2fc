package uk.directpayments.ledger.platform;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.filter.OncePerRequestFilter;
import uk.directpayments.ledger.kernel.RuleBroken;

/**
 * Reads the body of an API request whole, up to a limit that holds for chunked bodies too, so that it can be hashed as it came
 * before it is parsed. Uploads (multipart) have limits of their own and are not read here.
 */
final class HttpBody extends OncePerRequestFilter {

    private final int maxBytes;

    HttpBody(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.regionMatches(true, 0, "multipart/", 0, "multipart/".length());
    }

    /** @throws RuleBroken {@code TOO_LARGE}, {@code MEDIA_TYPE_UNSUPPORTED} */
    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        requireUtf8(request.getContentType());
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge();
        }
        byte[] body = request.getInputStream().readNBytes(maxBytes + 1);
        if (body.length > maxBytes) {
            throw tooLarge();
        }
        chain.doFilter(new Whole(request, body), response);
    }

    /** Of the header itself: the request's encoding is set to UTF-8 by then, whatever the header says. */
    private static void requireUtf8(@Nullable String contentType) {
        try {
            Charset charset = contentType == null
                    ? null
                    : MediaType.parseMediaType(contentType).getCharset();
            if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
                throw new RuleBroken("MEDIA_TYPE_UNSUPPORTED", "The body must be in UTF-8.");
            }
        } catch (InvalidMediaTypeException e) {
            throw new RuleBroken(
                    "MEDIA_TYPE_UNSUPPORTED",
                    "The header Content-Type must be a media type, usually application/json, and the body in UTF-8.");
        }
    }

    private RuleBroken tooLarge() {
        return new RuleBroken(
                "TOO_LARGE", "The body is larger than the " + maxBytes + " bytes of ledger.http.max-json-bytes.");
    }

    /** A request whose body has been read. */
    static final class Whole extends HttpServletRequestWrapper {

        private final byte[] body;

        Whole(HttpServletRequest request, byte[] body) {
            super(request);
            this.body = body;
        }

        byte[] body() {
            return body;
        }

        @Override
        public ServletInputStream getInputStream() {
            ByteArrayInputStream bytes = new ByteArrayInputStream(body);
            return new ServletInputStream() {
                @Override
                public int read() {
                    return bytes.read();
                }

                @Override
                public int read(byte[] into, int from, int length) {
                    return bytes.read(into, from, length);
                }

                @Override
                public boolean isFinished() {
                    return bytes.available() == 0;
                }

                @Override
                public boolean isReady() {
                    return true;
                }

                @Override
                public void setReadListener(ReadListener listener) {
                    throw new UnsupportedOperationException("the body has been read already");
                }
            };
        }

        @Override
        public BufferedReader getReader() {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
