package uk.directpayments.ledger.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.View;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import uk.directpayments.ledger.platform.ProblemPages;

/** A refusal as a page: what happened, and what one can do, in the words that the API has for it. */
@Component
class ErrorPage implements ProblemPages {

    private final ThymeleafViewResolver views;

    ErrorPage(ThymeleafViewResolver views) {
        this.views = views;
    }

    @Override
    public void write(int status, String code, String detail, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Authentication signedIn = SecurityContextHolder.getContext().getAuthentication();
        Map<String, @Nullable Object> model = new HashMap<>();
        model.put(
                "me", signedIn == null || signedIn instanceof AnonymousAuthenticationToken ? null : Frame.me(signedIn));
        model.put("path", "");
        model.put("status", status);
        model.put("code", code);
        model.put("detail", detail);
        try {
            View view = views.resolveViewName("problem", Locale.UK);
            if (view == null) {
                throw new IllegalStateException("there is no page for problems");
            }
            view.render(model, request, response);
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the page for problems cannot be written", e);
        }
    }
}
