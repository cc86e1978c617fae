"""The base of every settings class: frozen, strict about names and about NaN."""

from pydantic import BaseModel, ConfigDict


class Settings(BaseModel):
    """Values that define a run. Holds no tensors; two equal settings give the same run."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, validate_default=True)
