global using NovaOrleans.NetworkServices;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
