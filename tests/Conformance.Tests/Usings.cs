global using NovaOrleans.NetworkServices;
global using NovaOrleans.NetworkServices.Host;
global using NovaOrleans.Testing;
global using NovaOrleans.Vocabulary;
