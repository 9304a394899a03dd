/** Given and family names of many places; generated people take one of each. */
export const givenNames: readonly string[] = (
  "Ada Aiko Aisha Alejandro Amara Amina Anders Andrea Anika Anna Antonio Ari Arjun Asha Astrid Ayşe Beatriz Bilal Björn Bruno " +
  "Camila Carlos Chen Chiara Chinua Chloé Claire Daiki Daniel David Deepa Diego Dilara Dmitri Ebony Eduardo Ekaterina Elena Eli Elif " +
  "Emeka Emma Enrique Erik Esther Fatima Felix Fernanda Finn Francesca Gabriel Giulia Grace Grzegorz Hana Hannah Haruto Hassan Helena Hiroshi " +
  "Hugo Ibrahim Ifeoma Ines Ingrid Isabel Ivan Jamal Jan Jasmine Javier Jia Jin Johan João José Julia Kai Kamala Karim " +
  "Katarzyna Keiko Kemal Kenji Kofi Kwame Lars Laura Layla Leila Li Lina Linh Lucas Lucía Lukas Magnus Mahmoud Malik Mandla Marek " +
  "Maria Marta Mateo Matthias Maya Mei Mehmet Mia Miguel Mina Minh Miriam Mohammed Nadia Naomi Natasha Neha Ngozi Nia Nikhil Nina " +
  "Noah Noor Nora Olga Oluwaseun Omar Oscar Pablo Paolo Patience Paula Pedro Petra Philippe Piotr Priya Rafael Rahul Rania Ravi Rebecca " +
  "Renata Ricardo Rina Robert Rosa Ruth Sakura Salma Samuel Sana Sandeep Sara Sean Sergei Shanice Shreya Sigrid Siobhán Sofia Sunita Susan " +
  "Tadeusz Tamar Tariq Tatiana Thabo Thandiwe Theo Tomás Tuấn Ulrike Uma Valentina Victor Vikram Wanjiku Wei William Xiu Yael Yasmin Yuki " +
  "Yusuf Zainab Zara Zoë Zsófia"
).split(" ");

export const familyNames: readonly string[] = (
  "Abdi Abe Abebe Adeyemi Agarwal Ahmed Akhtar Alvarez Andersen Anderson Asante Bakker Banerjee Barbosa Bauer Becker Bello Ben-David Bianchi Boateng " +
  "Brown Castillo Chang Chaudhry Chen Cohen Costa Cruz Das Davies Delgado Demir Diallo Diaz Dlamini Dubois Eriksson Esposito Farouk Fernandes " +
  "Fischer Flores Fontaine Fujita Garcia Gonzalez Gruber Gupta Haddad Hansen Hassan Hernandez Hoang Hoffmann Horvat Huang Hussain Ibrahim Ito Ivanova " +
  "Jackson Jansen Jensen Johnson Jones Kamau Kapoor Kaya Keller Khan Kim Kovács Kowalski Kumar Lambert Larsen Lee Lefèvre Levi Lewis " +
  "Li Lima Lindqvist Lopez MacDonald Mahlangu Marino Martin Martinez Mazur Mbeki Mehta Mendoza Meyer Mohamud Moreau Moretti Morris Müller Murphy " +
  "Mwangi Nagy Nair Nakamura Navarro Ndiaye Nguyen Nielsen Novak Nowak Nwosu O'Brien O'Connor Oduya Okafor Okonkwo Olsen Osei Owusu Özdemir " +
  "Park Patel Pereira Petrov Petrović Phạm Popescu Qureshi Rahman Ramirez Rao Reyes Ricci Rivera Robinson Rossi Roux Ruiz Sánchez Santos " +
  "Sato Schmidt Schneider Shah Shapiro Sharma Silva Singh Smith Sokolov Sørensen Souza Suzuki Svensson Takahashi Tan Tanaka Taylor Tembo Tesfaye " +
  "Thompson Torres Tran Tshabalala Van-Dijk Vargas Vasquez Visser Wagner Walker Wang Watanabe Weber White Williams Wilson Wójcik Wong Wu Yamamoto " +
  "Yang Yılmaz Yeboah Young Zhang Zhou Zimmermann"
).split(" ");

/** Departments with the titles that people have there. */
export const departments: readonly { readonly name: string; readonly titles: readonly string[] }[] = [
  { name: "Data", titles: ["Data Engineer", "Data Scientist", "Analytics Engineer", "Data Steward"] },
  { name: "Engineering", titles: ["Software Engineer", "Site Reliability Engineer", "Test Engineer", "Architect"] },
  { name: "Finance", titles: ["Accountant", "Controller", "Financial Analyst", "Treasury Specialist"] },
  { name: "Human Resources", titles: ["Recruiter", "People Partner", "Payroll Specialist"] },
  { name: "Legal", titles: ["Counsel", "Compliance Officer", "Paralegal"] },
  { name: "Marketing", titles: ["Brand Manager", "Content Strategist", "Marketing Analyst"] },
  { name: "Operations", titles: ["Operations Manager", "Supply Planner", "Logistics Coordinator"] },
  { name: "Product", titles: ["Product Manager", "Product Designer", "User Researcher"] },
  { name: "Sales", titles: ["Account Executive", "Sales Engineer", "Account Manager"] },
  { name: "Security", titles: ["Security Engineer", "Identity Administrator", "Security Analyst"] },
  { name: "Support", titles: ["Support Engineer", "Customer Success Manager", "Support Lead"] },
];

/** What groups within a department are for; with the department they make a name. */
export const teams: readonly string[] = [
  "All",
  "Leads",
  "Platform",
  "Reporting",
  "On Call",
  "Projects",
  "Reviewers",
  "Contractors",
  "Planning",
  "Tools",
  "Emea",
  "Americas",
  "Apac",
];
