//! What a page says to search engines about itself: never a reviewer who does not exist, never an approved use.

use super::view::Views;
use crate::link::Page;
use crate::parse::front_matter::PageKind;
use serde_json::{Map, Value, json};

/// The block's text, safe inside a script element. Empty for pages that need none.
pub(super) fn of(views: &Views<'_>, page: &Page) -> String {
    let site = views.site;
    let mut about = Map::new();
    about.insert("@context".into(), "https://schema.org".into());
    let medical = page.kind.is_clinical() && page.kind != PageKind::Home;
    about.insert("@type".into(), if medical { "MedicalWebPage" } else { "WebPage" }.into());
    about.insert("name".into(), page.title.as_str().into());
    if !page.summary.is_empty() {
        about.insert("description".into(), page.summary.as_str().into());
    }
    about.insert("url".into(), views.absolute(&page.url).into());
    about.insert("inLanguage".into(), site.settings.languages[page.language].code.as_str().into());
    if medical {
        about.insert("audience".into(), json!({ "@type": "MedicalAudience", "audienceType": "Patient" }));
    }
    if let Some((name, code)) = &page.front.condition {
        let mut condition = Map::new();
        condition.insert("@type".into(), "MedicalCondition".into());
        condition.insert("name".into(), name.as_str().into());
        if !code.is_empty() {
            condition.insert("code".into(), json!({ "@type": "MedicalCode", "codeValue": code }));
        }
        about.insert("about".into(), Value::Object(condition));
    }
    if let Some(reviewed) = views.checked.review(page)
        && let Some(person) = site.people.get(&reviewed.by.value)
    {
        about.insert("lastReviewed".into(), reviewed.on.value.to_string().into());
        about.insert("reviewedBy".into(), json!({ "@type": "Person", "name": person.name }));
    }
    if !page.ties.ancestors.is_empty() {
        let steps: Vec<Value> = page
            .ties
            .ancestors
            .iter()
            .map(|id| site.page(*id))
            .chain([page])
            .enumerate()
            .map(|(position, step)| {
                json!({
                    "@type": "ListItem",
                    "position": position + 1,
                    "name": step.nav_title,
                    "item": views.absolute(&step.url),
                })
            })
            .collect();
        about.insert("breadcrumb".into(), json!({ "@type": "BreadcrumbList", "itemListElement": steps }));
    }
    // Inside a script element only `<` can end the block.
    Value::Object(about).to_string().replace('<', "\\u003c")
}
