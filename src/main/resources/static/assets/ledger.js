// Nothing here is needed: every page works without it.
import {
  Button, ErrorSummary, NotificationBanner, Radios, SkipLink, createAll
} from '/webjars/govuk-frontend/dist/govuk/govuk-frontend.min.js';

document.body.classList.add('js-enabled', 'govuk-frontend-supported');
for (const component of [Button, ErrorSummary, NotificationBanner, Radios, SkipLink]) {
  createAll(component);
}
