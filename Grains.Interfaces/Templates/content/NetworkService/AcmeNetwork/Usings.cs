global using NovaOrleans.Http;
global using NovaOrleans.NetworkServices;
global using NovaOrleans.NetworkServices.Host;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
