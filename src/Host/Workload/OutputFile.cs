namespace SmallRtnl.Host;

/// <summary>A file that is written when a run is over.</summary>
internal static class OutputFile
{
    /// <summary>Tries it before the run, which may take an hour.</summary>
    /// <exception cref="WorkloadException">It cannot be written.</exception>
    public static void ThrowIfNotWritable(string option, FileInfo? file)
    {
        if (file is null)
            return;
        bool isThere = file.Exists;
        try
        {
            file.Open(FileMode.OpenOrCreate, FileAccess.Write).Dispose();
            if (!isThere)
                file.Delete();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new WorkloadException($"{option} {file.FullName} cannot be written: {exception.Message}", exception);
        }
    }
}
