//! The small site of [`crate::Site::small`].

/// English pages, site settings and sources. The words of the frame come from the repository.
pub(crate) const SITE: &str = r#"
=== content/site.toml
name = "River Clinic"
base_url = "https://clinic.example"
default_language = "en"
theme = "harbor"
country = "US"

[languages.en]
name = "English"

[clinic]
name = ""
phone = ""
address = ""
hours = ""
email = ""

[build]
search = true
compress = false

[[nav]]
page = "/visit/index.md"
=== content/evidence.toml
[[source]]
id = "T1"
title = "A study of rest"
who = "Example group"
year = 2024
where = "Journal of Rest, 1"
checked-on = 2026-11-22
review-by = 2027-11-22

[[evidence]]
id = "EV-REST"
says = "A short rest after the visit helps most people feel steady."
grade = "B"
sources = ["T1"]
checked-on = 2026-11-22
review-by = 2027-11-22
=== content/en/glossary.toml
[[term]]
term = "infusion"
meaning = "Medicine that drips slowly into a vein."
=== content/en/pages/index.md
---
title: Welcome to the clinic
summary: Plain pages that help you get ready for a visit.
kind: home
---

## Start here {#start}

Read how to [get ready for your visit](/visit/prepare.md).
=== content/en/pages/visit/index.md
---
title: Your visit
summary: What to do before and after a visit.
kind: section
weight: 1
---

Two short pages tell you what to do before and after.
=== content/en/pages/visit/prepare.md
---
title: Get ready
summary: What to do on the day before your visit.
kind: prepare
weight: 1
---

## The day before {#the-day-before}

Drink water and sleep well. A short rest helps most people feel steady [@EV-REST].

## What to bring {#what-to-bring}

- Your list of medicines
- The name of the person who takes you home
=== content/en/pages/visit/aftercare.md
---
title: After your visit
summary: What to do when you are back at home.
kind: aftercare
weight: 2
---

## At home {#at-home}

Rest for the evening. Read again [what to bring](/visit/prepare.md#what-to-bring) next time.
=== content/en/pages/get-help.md
---
title: Get help now
summary: Who to call when you are in danger.
kind: about
---

## In danger {#in-danger}

Call [[emergency_number]] now. If you think about suicide, call or text [[crisis_number]].
"#;

/// The same pages in Spanish.
pub(crate) const SPANISH: &str = r#"
=== content/es/glossary.toml
[[term]]
term = "infusión"
meaning = "Un medicamento que entra gota a gota en una vena."
=== content/es/pages/index.md
---
title: Bienvenidos a la clínica
summary: Páginas claras que le ayudan a preparar su visita.
kind: home
---

## Empiece aquí {#start}

Lea cómo [preparar su visita](/visit/prepare.md).
=== content/es/pages/visit/index.md
---
title: Su visita
summary: Qué hacer antes y después de una visita.
kind: section
weight: 1
---

Dos páginas cortas le dicen qué hacer antes y después.
=== content/es/pages/visit/prepare.md
---
title: Prepárese
summary: Qué hacer el día antes de su visita.
kind: prepare
weight: 1
---

## El día antes {#the-day-before}

Beba agua y duerma bien. Un descanso corto ayuda a casi todos [@EV-REST].

## Qué traer {#what-to-bring}

- La lista de sus medicamentos
- El nombre de la persona que le lleva a casa
=== content/es/pages/visit/aftercare.md
---
title: Después de su visita
summary: Qué hacer al volver a casa.
kind: aftercare
weight: 2
---

## En casa {#at-home}

Descanse por la tarde. Lea otra vez [qué traer](/visit/prepare.md#what-to-bring).
=== content/es/pages/get-help.md
---
title: Pida ayuda ahora
summary: A quién llamar si está en peligro.
kind: about
---

## En peligro {#in-danger}

Llame al [[emergency_number]] ahora. Si piensa en el suicidio, llame o escriba al [[crisis_number]].
"#;
