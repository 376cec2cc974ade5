using System.Collections.Concurrent;

var app = WebApplication.CreateBuilder(args).Build();
var parcels = new ConcurrentDictionary<string, Parcel>();

app.MapGet("/healthz", () => "ok");
app.MapGet("/parcels/{id}", (string id) => parcels.TryGetValue(id, out var parcel) ? Results.Ok(parcel) : Results.NotFound());
app.MapPut("/parcels/{id}", (string id, Parcel parcel) =>
{
    parcels[id] = parcel;
    return Results.NoContent();
});

app.Run();

record Parcel(string Sender, string Recipient, double Kilograms);
