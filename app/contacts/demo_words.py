"""Words that demonstration contacts are made of. Every name is put together by chance and belongs to nobody."""

GIVEN = (
    "Adriana Alejandra Alonso Amanda Andrea Andrés Ángel Ariel Armando Arturo Beatriz Berenice Braulio "
    "Brenda Camila Carlos Carolina Cecilia César Claudia Cristian Dalia Daniel Daniela David Diana Diego "
    "Dulce Édgar Eduardo Elena Elías Emilia Enrique Érika Esteban Ester Eugenia Fabián Fabiola Felipe "
    "Fernanda Fernando Francisco Gabriel Gabriela Gerardo Gloria Gonzalo Graciela Gustavo Héctor Hilda "
    "Hugo Ignacio Inés Irma Isabel Iván Javier Jimena Joaquín Jorge José Josué Juan Julia Julián Karla "
    "Kattia Laura Leonardo Leticia Lidieth Lorena Lucía Luis Magaly Manuel Marcela Marco Margarita María "
    "Mariana Mario Marisol Martín Marvin Mauricio Maximiliano Mercedes Miguel Minor Mónica Nancy Natalia "
    "Nidia Noemí Octavio Olga Óscar Pablo Paola Patricia Pedro Rafael Ramón Randall Raquel Rebeca Ricardo "
    "Roberto Rocío Rodolfo Rodrigo Rolando Rosa Rubén Salvador Sandra Santiago Saúl Sergio Silvia Sofía "
    "Susana Teresa Tomás Valeria Verónica Vicente Víctor Virginia Wendy Xinia Yadira Yamileth Yolanda "
    "Zoila"
).split()
SURNAMES = {
    "CR": (
        "Abarca Aguilar Alfaro Alpízar Araya Arce Arguedas Arias Arroyo Badilla Barrantes Barquero Benavides "
        "Blanco Bolaños Bonilla Brenes Calderón Calvo Camacho Campos Carranza Carvajal Cascante Castillo "
        "Castro Céspedes Chacón Chaves Chinchilla Cordero Córdoba Corrales Coto Cubillo Delgado Elizondo "
        "Esquivel Fallas Fonseca Gamboa Garro Granados Guevara Gutiérrez Hidalgo Jara Jiménez Leitón Lizano "
        "Loría Madrigal Marín Masís Mata Matarrita Meléndez Méndez Monge Montero Mora Morales Murillo Naranjo "
        "Núñez Obando Ocampo Odio Orozco Ortega Oviedo Pacheco Padilla Peñaranda Picado Piedra Porras Quesada "
        "Quirós Ramírez Retana Robles Rojas Salas Salazar Sanabria Sandí Segura Solano Solís Sánchez Soto "
        "Trejos Ugalde Ulate Umaña Ureña Valerio Vargas Vega Venegas Villalobos Víquez Zamora Zúñiga"
    ).split(),
    "MX": (
        "Acosta Aguirre Alcántara Altamirano Amézquita Anaya Arellano Arriaga Ávila Barajas Barrera Becerra "
        "Beltrán Bermúdez Bravo Bustamante Cabrera Cárdenas Carrillo Castañeda Cervantes Cisneros Contreras "
        "Cordero Cortés Cuevas Dávila Domínguez Duarte Echeverría Escobedo Espinosa Estrada Farías Figueroa "
        "Gaitán Galindo Galván Garza Godínez Guerrero Guízar Haro Hernández Herrera Hinojosa Huerta Ibarra "
        "Juárez Lara Leyva Lira Lozano Luna Macías Magaña Maldonado Márquez Medina Mejía Mendoza Meza Miranda "
        "Montaño Muñoz Nava Nieto Ochoa Ojeda Olvera Ordaz Ornelas Ortiz Palacios Parra Pineda Ponce Quintero "
        "Rangel Rentería Reyes Ríos Rivas Robledo Rosales Rubio Ruelas Saldaña Sandoval Santillán Saucedo "
        "Sepúlveda Serrano Sosa Tapia Tinoco Treviño Trujillo Uribe Valdés Valdivia Vázquez Velasco "
        "Villaseñor Yáñez Zárate"
    ).split(),
}
TRADES = (
    "Abastecedor", "Abarrotes", "Bazar", "Cafetería", "Carnicería", "Clínica Dental", "Constructora", "Farmacia",
    "Ferretería", "Floristería", "Librería", "Panadería", "Papelería", "Pulpería", "Refaccionaria", "Soda", "Taller",
    "Taquería", "Tienda", "Veterinaria",
)  # fmt: skip
SIGNS = (
    "El Roble", "La Central", "Los Arcos", "San Rafael", "La Esquina", "El Progreso", "Tres Ríos", "La Estrella",
    "El Mirador", "Santa Lucía", "Del Valle", "La Colina", "El Buen Precio", "Monte Verde", "La Ceiba", "Puerto Viejo",
    "El Trébol", "Las Palmas", "La Unión", "El Faro",
)  # fmt: skip
NOTES = (
    "Pidió que le llamen después de las 3 p. m.", "Prefiere WhatsApp.", "Pregunta por el plan familiar.",
    "Ya tiene servicio con otra compañía hasta enero.", "Quiere cotización por correo.", "Dejó mensaje con su hermana.",
    "Interesada en 100 megas.", "Número equivocado según quien contestó; verificar.", "Volver a llamar en quincena.",
    "Cliente desde 2019, sin reclamos.", "Pide factura electrónica.", "Se muda en marzo.", "",
    "", "", "", "",
)  # fmt: skip
TAGS = (
    "vip", "fibra", "prepago", "pospago", "referido", "feria 2026", "Heredia", "Guadalajara", "Monterrey", "empresa",
    "renovación", "quincena",
)  # fmt: skip
STATUSES = {
    "SIN_GESTIONAR": 44, "NC": 21, "CUELGA": 6, "INTERESADO": 11, "SERVICIOS_ACTIVOS": 9, "NO_EXISTE": 4, "SIN_RED": 3,
    "NO_CONTACTO": 2,
}  # fmt: skip
AREAS = ("55", "33", "81", "222", "442", "477", "614", "664", "833", "999")
