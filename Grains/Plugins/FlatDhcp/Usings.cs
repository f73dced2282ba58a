global using NovaOrleans.Vocabulary;
