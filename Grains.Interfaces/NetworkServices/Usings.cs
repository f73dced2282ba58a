global using Microsoft.Extensions.Configuration;
global using Microsoft.Extensions.DependencyInjection;
global using Microsoft.Extensions.Logging;
global using NovaOrleans.NetworkServices.Host;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
