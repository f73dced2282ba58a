global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
