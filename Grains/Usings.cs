global using Microsoft.Extensions.Logging;
global using NovaOrleans.History;
global using NovaOrleans.Ledger;
global using NovaOrleans.NetworkServices;
global using NovaOrleans.Outcomes;
global using NovaOrleans.Vocabulary;
