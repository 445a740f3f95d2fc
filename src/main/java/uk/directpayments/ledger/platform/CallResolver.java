package uk.directpayments.ledger.platform;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.multipart.MultipartFile;
import org.springframework.web.multipart.MultipartRequest;
import org.springframework.web.util.WebUtils;
import uk.directpayments.ledger.kernel.Actor;
import uk.directpayments.ledger.kernel.Hashes;
import uk.directpayments.ledger.kernel.RuleBroken;

/** Hands a {@link Call} to handlers that write, and the {@link Actor} alone to those that only need to know who asks. */
final class CallResolver implements HandlerMethodArgumentResolver {

    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private static final Pattern KEY = Pattern.compile("[!-~]{1,200}");

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Call.class || parameter.getParameterType() == Actor.class;
    }

    /** @throws RuleBroken {@code FIELD_INVALID} if the idempotency key is none */
    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binders)
            throws IOException {
        Actor actor = SignedIn.actor(SecurityContextHolder.getContext().getAuthentication());
        if (parameter.getParameterType() == Actor.class) {
            return actor;
        }
        HttpServletRequest request = requestOf(webRequest);
        return new Call(actor, idempotencyHash(actor, request), requestHash(request), HttpEdge.correlationId());
    }

    static HttpServletRequest requestOf(NativeWebRequest webRequest) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("no servlet request");
        }
        return request;
    }

    private static @Nullable String idempotencyHash(Actor actor, HttpServletRequest request) {
        List<String> keys = java.util.Collections.list(request.getHeaders(IDEMPOTENCY_KEY));
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1 || !KEY.matcher(keys.get(0)).matches()) {
            throw new RuleBroken("FIELD_INVALID", "must be 1 to 200 visible ASCII characters", IDEMPOTENCY_KEY);
        }
        // The decoded path: %61 and a are the same address.
        String path = request.getServletPath() + (request.getPathInfo() == null ? "" : request.getPathInfo());
        return Hashes.hex(actor.userId(), request.getMethod(), path, keys.get(0));
    }

    /** Over the body's bytes as they came; over names and contents, in the order of the names, for a form or an upload. */
    private static String requestHash(HttpServletRequest request) throws IOException {
        HttpBody.Whole whole = WebUtils.getNativeRequest(request, HttpBody.Whole.class);
        MessageDigest sha = Hashes.sha256();
        if (whole != null) {
            return HexFormat.of().formatHex(sha.digest(whole.body()));
        }
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String[]> field : new TreeMap<>(request.getParameterMap()).entrySet()) {
            parts.add("field " + field.getKey());
            parts.addAll(Arrays.asList(field.getValue()));
        }
        MultipartRequest upload = WebUtils.getNativeRequest(request, MultipartRequest.class);
        if (upload != null) {
            for (Map.Entry<String, List<MultipartFile>> field : new TreeMap<>(upload.getMultiFileMap()).entrySet()) {
                for (MultipartFile file : field.getValue()) {
                    parts.add("file " + field.getKey());
                    parts.add(contentHash(file, sha));
                }
            }
        }
        return Hashes.hex(parts.toArray(String[]::new));
    }

    private static String contentHash(MultipartFile file, MessageDigest sha) throws IOException {
        try (InputStream content = file.getInputStream();
                DigestOutputStream digest = new DigestOutputStream(java.io.OutputStream.nullOutputStream(), sha)) {
            content.transferTo(digest);
        }
        return HexFormat.of().formatHex(sha.digest());
    }
}
