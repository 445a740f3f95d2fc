package uk.directpayments.ledger.web;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Where one signs in: with the password of a local user, or by going on to the council's own sign-in. Whoever was somewhere returns to it. */
@Controller
class LoginPage {

    private final boolean elsewhere;

    LoginPage(@Value("${ledger.oidc.issuer:#{null}}") @Nullable String issuer) {
        elsewhere = issuer != null;
    }

    @GetMapping("/login")
    String login(Model model) {
        model.addAttribute("elsewhere", elsewhere);
        return "login";
    }
}
