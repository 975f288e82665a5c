"""Read a value from a map whose one key says what kind of value it is: {exponential: {..}}."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel, GetCoreSchemaHandler, SerializationInfo
from pydantic_core import CoreSchema, PydanticSerializationUnexpectedValue, core_schema

from mppsim.scenario.errors import expected, listed, nearest_name, quoted

WEIGHT = "weight"


class Weighted(NamedTuple):
    """A law with the share of draws that come from it."""

    weight: float
    law: Any


@dataclass(frozen=True)
class OneKeyMap:
    """Say, in Annotated, that models are written under a key each, and may be given as objects.

    With `weighted`, a second key `weight` stands beside it, and the value is a Weighted.
    """

    models: tuple[tuple[str, type[BaseModel]], ...]
    weighted: bool = False

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a union of maps: the JSON schema then lists them, each with its only keys."""
        # A tag stands in the location of an error; this one cannot be taken for a key of the file.
        maps = {
            f"law {name}": self._map_schema(name, model, handler) for name, model in self.models
        }
        union = core_schema.tagged_union_schema(
            maps, discriminator=lambda value: f"law {self._key_of(value)}"
        )
        return core_schema.no_info_wrap_validator_function(
            self._read,
            union,
            serialization=core_schema.plain_serializer_function_ser_schema(
                self._write, info_arg=True
            ),
        )

    def _map_schema(
        self, name: str, model: type[BaseModel], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        inner = handler.generate_schema(model)
        fields = {name: core_schema.typed_dict_field(inner, required=True)}
        if self.weighted:
            share = core_schema.float_schema(strict=True, ge=0, le=1)
            fields = {WEIGHT: core_schema.typed_dict_field(share, required=True), **fields}
        return core_schema.typed_dict_schema(fields, extra_behavior="forbid")

    def _read(self, value: Any, handler: core_schema.ValidatorFunctionWrapHandler) -> Any:
        if self._is_read(value):
            return value
        self._refuse_unless_one_key(value)
        read = handler(value)
        name = self._key_of(read)
        return Weighted(read[WEIGHT], read[name]) if self.weighted else read[name]

    def _is_read(self, value: Any) -> bool:
        models = tuple(model for _, model in self.models)
        if self.weighted:
            return isinstance(value, Weighted) and isinstance(value.law, models)
        return isinstance(value, models)

    def _refuse_unless_one_key(self, value: Any) -> None:
        names = [name for name, _ in self.models]
        law = f"a map with one of the keys {listed(names)}"
        if self.weighted:
            law = f"a map with '{WEIGHT}' and one of the keys {listed(names)}"
        if isinstance(value, str) and value in names:
            raise expected(law, nearest=f"{{{value}: ...}}")
        if not isinstance(value, Mapping):
            raise expected(law)
        keys = [key for key in value if not (self.weighted and key == WEIGHT)]
        unknown = [key for key in keys if key not in names]
        if unknown:
            found = f"the law {quoted(str(unknown[0]))}"
            raise expected(law, found=found, nearest=nearest_name(unknown[0], names))
        if len(keys) != 1:
            found = f"the laws {listed(keys)}" if keys else "a map without a law"
            raise expected(law.replace("one of", "exactly one of"), found=found)

    def _key_of(self, value: Any) -> str:
        return next(name for name, _ in self.models if name in value)

    def _write(self, value: Any, info: SerializationInfo) -> dict[str, Any]:
        if not self._is_read(value):
            raise PydanticSerializationUnexpectedValue(f"found {value!r}")
        law = value.law if self.weighted else value
        name = next(name for name, model in self.models if type(law) is model)
        written = {name: law.model_dump(mode=info.mode, exclude_none=True)}
        return {WEIGHT: value.weight, **written} if self.weighted else written
