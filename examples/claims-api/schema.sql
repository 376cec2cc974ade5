CREATE TABLE claims (
    number serial PRIMARY KEY,
    policy text NOT NULL,
    amount integer NOT NULL
);
