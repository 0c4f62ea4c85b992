"""What people call their columns, in Spanish and English. Data: add words here."""

from app.contacts.imports.folding import folded

# A target's titles, as whole headers. Folded: no case, accents, punctuation or trailing numbers.
TITLES: dict[str, str] = {
    "phone": """
        teléfono, teléfonos, tel, telf, tlf, tfno, fono, celular, cel, móvil, número de teléfono, num
        teléfono, nº teléfono, número telefónico, número de celular, número celular, número móvil, no tel,
        no telefónico, teléfono celular, teléfono móvil, tel celular, tel móvil, teléfono fijo, teléfono
        casa, teléfono de casa, teléfono habitación, teléfono oficina, teléfono trabajo, teléfono
        particular, teléfono principal, teléfono de contacto, tel contacto, número de contacto, contacto
        telefónico, línea, fijo, phone, phones, phone number, telephone, telephone number, tel no, mobile,
        mobile phone, mobile number, cell, cell phone, cellphone, cell number, home phone, work phone,
        office phone, main phone, primary phone, business phone, contact number, contact phone, msisdn, e164
    """,
    "whatsapp": """
        whatsapp, whats app, whatsap, wathsapp, wasap, guasap, wsp, wpp, wa, whats, número de whatsapp, tel
        whatsapp, teléfono whatsapp, celular whatsapp, whatsapp number, whatsapp phone
    """,
    "email": """
        correo, correos, correo electrónico, correo e, e mail, email, emails, mail, e-mail, dirección de
        correo, dirección de correo electrónico, email address, e mail address, correo personal, correo
        trabajo, primary email
    """,
    "name": """
        nombre, nombres y apellidos, nombre y apellidos, nombre y apellido, nombre completo, nombre del
        cliente, nombre cliente, nombre contacto, nombre del contacto, nombre de contacto, cliente, persona,
        titular, prospecto, abonado, asociado, suscriptor, paciente, alumno, estudiante, name, full name,
        fullname, contact name, customer, customer name, client, client name, person, lead, lead name,
        display name, subscriber
    """,
    "first_name": "nombres, primer nombre, nombre de pila, first name, firstname, given name, forename",
    "last_name": """
        apellido, apellidos, primer apellido, segundo apellido, apellido paterno, apellido materno, last
        name, lastname, surname, family name, second last name
    """,
    "company": """
        empresa, compañía, razón social, negocio, comercio, organización, nombre comercial, nombre de la
        empresa, nombre empresa, institución, company, company name, organization, organisation, business,
        business name, account, account name, employer
    """,
    "status": """
        estado, estatus, status, situación, etapa, tipificación, gestión, resultado, disposición, estado del
        cliente, estado del contacto, estado cliente, estado de gestión, disposition, stage, lead status,
        contact status
    """,
    "notes": """
        nota, notas, observación, observaciones, obs, comentario, comentarios, detalle, detalles,
        descripción, anotación, anotaciones, apuntes, note, notes, comment, comments, remark, remarks,
        description, details
    """,
    "tags": """
        etiqueta, etiquetas, categoría, categorías, grupo, grupos, segmento, lista, tag, tags, label,
        labels, category, categories, group, groups, segment
    """,
    "country": "país, nación, country, country code, código de país, nacionalidad",
    "owner": """
        dueño, responsable, asesor, asesora, agente, vendedor, vendedora, ejecutivo, ejecutiva, asignado a,
        asignado, encargado, owner, agent, assigned to, assignee, sales rep, salesperson
    """,
    "custom:cedula": """
        cédula, cédula de identidad, número de cédula, identificación, número de identificación, documento,
        dni, dimex, documento de identidad, cédula jurídica, national id, id number, tax id
    """,
    "custom:rfc": "rfc",
    "custom:curp": "curp",
    "custom:direccion": """
        dirección, domicilio, lugar, ubicación, calle, dirección exacta, address, street, street address,
        location, place
    """,
    "custom:provincia": "provincia, departamento, región, zona, entidad, entidad federativa, province, state, region",
    "custom:ciudad": "ciudad, cantón, municipio, localidad, distrito, colonia, delegación, city, town, district",
    "custom:codigo_postal": "código postal, cp, zip, zip code, postal code, postcode",
    "custom:fecha_nacimiento": """
        fecha de nacimiento, fecha nacimiento, nacimiento, cumpleaños, birthday, birth date, date of birth,
        dob
    """,
    "custom:cargo": "cargo, puesto, ocupación, profesión, rol, job title, title, position, job, role, occupation",
    "custom:sitio_web": "sitio web, página web, web, website, url, homepage, página",
    "custom:fecha": "fecha, fecha de alta, fecha de registro, fecha de ingreso, date, created, created at, date added",
    "custom:edad": "edad, age",
    "custom:genero": "género, sexo, gender, sex",
    "custom:producto": "producto, servicio, plan, paquete, product, service",
    "custom:coordenadas": "coords, coordenadas, coordinates, latitud longitud",
}  # fmt: skip

# Titles that say little: what is in the column decides.
VAGUE = "contacto, contact, número, no, nº, num, number, id, código, code, datos, data, valor, dato, info, clave, campo"

# A word within a longer title, strongest first: "Tel. del encargado (oficina)" is a phone.
WORDS: dict[str, str] = {
    "whatsapp": "whatsapp, whats, wasap, wsp",
    "email": "correo, email, mail, e mail",
    "phone": "teléfono, teléfonos, telefónico, tel, celular, cel, móvil, phone, telephone, mobile, cell",
    "custom:fecha_nacimiento": "nacimiento, birth",
    "custom:fecha": "fecha, date",
    "custom:cedula": "cédula, identificación",
    "custom:direccion": "dirección, domicilio, address",
    "company": "empresa, compañía, company",
    "last_name": "apellido, apellidos, surname",
    "notes": "observaciones, observación, comentario, comentarios, nota, notas, notes, comments",
    "status": "estado, estatus, status",
    "tags": "etiquetas, tags",
    "name": "nombre, nombres, name, cliente",
}  # fmt: skip


def _phrases(text: str) -> list[str]:
    return [folded(phrase) for phrase in text.split(",")]


TARGET_OF = {phrase: target for target, text in TITLES.items() for phrase in _phrases(text)}
VAGUE_TITLES = frozenset(_phrases(VAGUE))
TARGET_OF_WORD = [(f" {word} ", target) for target, text in WORDS.items() for word in _phrases(text)]
