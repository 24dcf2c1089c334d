namespace SmallRtnl.Generators;

/// <summary>A [RequiresLock] method and the places that call it. Strings only, as every pipeline value here.</summary>
/// <param name="Name">The interceptor's name, unique in the assembly.</param>
/// <param name="Target">The method, for people.</param>
/// <param name="Signature">Return type, a place for the name, type parameters, parameters, constraints.</param>
/// <param name="Assertions">What is asserted, in order.</param>
/// <param name="Call">The call that goes on to the method.</param>
/// <param name="Places">Where it is called.</param>
internal sealed record LockCallModel(
    string Name,
    string Target,
    string Signature,
    EquatableArray<string> Assertions,
    string Call,
    EquatableArray<LockCallPlace> Places);

/// <summary>A call that is intercepted.</summary>
/// <param name="Attribute">The compiler's attribute for the place.</param>
/// <param name="Display">The place, for people.</param>
internal sealed record LockCallPlace(string Attribute, string Display);
